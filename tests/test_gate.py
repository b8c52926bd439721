"""The gate is typed: what takes text for a screen takes SafeText, or Content made of it, and a checker sees the rest.

What a checker can't see is looked up in the source: that the program's own words are literals, and that nothing but
one module of the face makes Content.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = {
    path.relative_to(ROOT / "src" / "regrets").as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "src" / "regrets").rglob("*.py"))
}
FACES = {name: tree for name, tree in SOURCES.items() if name.startswith(("tui/", "cli/"))}
MAKERS = {
    "SafeText": {"domain/text.py", "domain/naming.py", "tui/words.py"},
    "SafeContent": {"tui/content.py"},
    "SafeSegment": {"tui/content.py"},
}
GATES = {"own", "safe_line", "safe_block"}
WRITING = r"sys\.(__)?std(out|err)(__)?(\.buffer)?\.write|click\.(echo|secho|prompt|confirm|pause)|getpass\.getpass"


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the last name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


FOREIGN = """
from regrets.cli import output
from regrets.domain.text import own, safe_line
from regrets.tui.content import assemble, segment
from regrets.tui.screens.inbox import InboxScreen
from regrets.tui.screens.view import ViewScreen
from regrets.tui.widgets.detail import RuleLine
from regrets.tui.widgets.plain import Plain
from regrets.tui.widgets.status import HeaderLine, StatusLine
from textual.content import Content

def show(inbox: InboxScreen, title: RuleLine, header: HeaderLine, status: StatusLine, foreign: str) -> None:
    Plain(foreign)  # 1
    Plain().update(foreign)  # 2
    Plain().update(Content(foreign))  # 3
    title.show(foreign)  # 4
    title.show(own("Mine"), f"{foreign}")  # 5
    header.show(right=foreign)  # 6
    status.say(foreign)  # 7
    inbox.alarm("Mine: " + foreign)  # 8
    assemble((foreign, "bold"))  # 9
    segment(foreign)  # 10
    own("{} is foreign", foreign)  # 11
    inbox.draft_pane.edit(foreign, own(""), 0)  # 12
    output.line(foreign)  # 13
    output.block(foreign)  # 14
    output.say(f"regrets: {foreign}")  # 15
    output.columns([(foreign, 10)])  # 16
    output.progress(foreign)  # 17
    output.confirm(foreign)  # 18
    status.say(safe_line(foreign))
    output.columns([(safe_line(foreign), 10)])
    Plain(assemble(own("{}: ", safe_line(foreign)), (safe_line(foreign), "bold")))
"""


def test_a_checker_sees_text_that_has_not_passed_the_gate(tmp_path: Path) -> None:
    """Some seconds without a cache, as in `.ci/run`, which insists that it ran; skipped where mypy isn't."""
    api = pytest.importorskip("mypy.api")
    snippet = tmp_path / "foreign.py"
    snippet.write_text(FOREIGN, "utf-8")
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]
    out, err, _ = api.run([*config, "--no-error-summary", str(snippet)])
    found = {int(line.split(":")[1]) for line in out.splitlines() if "error:" in line}
    wrong = {number for number, line in enumerate(FOREIGN.splitlines(), 1) if line.rstrip()[-1:].isdigit()}
    assert found == wrong, out + err


def test_the_own_words_are_literals() -> None:
    for name, tree in SOURCES.items():
        for called, call in calls(tree):
            where = f"{name}:{call.lineno}"
            if called == "own":
                assert literal(call.args[0]), where
            elif called == "plural":
                assert all(map(literal, call.args[1:])), where
            elif called == "owned":
                (table,) = call.args
                assert isinstance(table, ast.Dict), where
                assert all(map(literal, table.values)), where


def test_nobody_but_the_gate_says_that_text_is_safe() -> None:
    for name, tree in SOURCES.items():
        for called, call in calls(tree):
            assert called not in MAKERS or name in MAKERS[called], f"{name}:{call.lineno}"
            casts = called == "cast" and any(maker in ast.dump(call.args[0]) for maker in MAKERS)
            assert not casts or name == "domain/text.py", f"{name}:{call.lineno}"
    for name in FACES:
        assert "arg-type" not in (ROOT / "src" / "regrets" / name).read_text("utf-8"), name


def test_one_module_makes_what_is_drawn() -> None:
    makers = {"textual.content", "rich.text", "rich.segment", "rich.markup", "textual.markup"}
    for name, tree in SOURCES.items():
        for node in ast.walk(tree):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert name == "tui/content.py" or not makers & set(names), f"{name}:{node.lineno}"  # type: ignore[attr-defined]
            if name in FACES and isinstance(node, ast.FunctionDef) and node.name in ("render", "item_line"):
                wanted = "SafeContent" if node.name == "render" else "list[SafeSegment]"
                assert ast.unparse(node.returns or node) == wanted, f"{name}:{node.lineno}"


def test_what_textual_takes_as_any_text_has_passed_the_gate() -> None:
    fields = {"placeholder", "border_title", "border_subtitle", "tooltip", "sub_title"}
    for name, tree in FACES.items():
        for node in ast.walk(tree):
            given = [word.value for word in node.keywords if word.arg in fields] if isinstance(node, ast.Call) else []
            if isinstance(node, ast.Assign):
                given += [node.value for to in node.targets if isinstance(to, ast.Attribute) and to.attr in fields]
            for value in given:
                called = getattr(value.func, "id", "") if isinstance(value, ast.Call) else ""
                assert called in GATES, f"{name}:{node.lineno}"
        notices = [call for called, call in calls(tree) if called == "notify"]
        assert not notices or name == "tui/face.py", name


def test_one_module_of_the_shell_writes_and_asks() -> None:
    for name, tree in SOURCES.items():
        if not name.startswith(("tui/", "cli/", "services/", "domain/", "bootstrap")) or name == "cli/output.py":
            continue
        for node in ast.walk(tree):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            writes = re.fullmatch(WRITING, called)
            assert not writes, f"{name}:{node.lineno}"  # type: ignore[attr-defined]
        prints = [call for called, call in calls(tree) if called == "print"]
        assert not prints or (name == "tui/face.py" and len(prints) == 1), name  # a typed function's, at the end


def test_json_escapes_what_a_terminal_acts_on(capsys: pytest.CaptureFixture[str]) -> None:
    from regrets.cli import output

    output.as_json({"summary": "".join(map(chr, range(0xA0))) + "\u202e"})
    assert all(" " <= char <= "~" for char in capsys.readouterr().out.rstrip("\n"))


def test_a_folder_that_is_named_by_a_server_passes_the_gate(capsys: pytest.CaptureFixture[str]) -> None:
    from regrets.cli import output
    from regrets.domain.text import SafeText

    output.progress(SafeText("INBOX\x1b[2J\x07: 3 of 9"))  # gated once more, whatever its type says
    assert capsys.readouterr().err == "\rINBOX\ufffd[2J\ufffd: 3 of 9\x1b[K"
