"""An address is found however a mail hides it, and not within another one."""

from __future__ import annotations

import base64
import quopri

import pytest

from regrets.domain.mentions import mentions

WHO = "Marko.k@Kovin.example"
PLAIN = b"ATTENDEE;CN=Marko:mailto:marko.K@kovin.example"
QUOTED = b"Content-Transfer-Encoding: Quoted-Printable\r\n\r\n"
BASE64 = b"Content-Transfer-Encoding: BASE64\r\n\r\n"
LONG = b"BEGIN:VCALENDAR\r\nX-FILL:" + b"x" * 200 + b"\r\n" + PLAIN + b"\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        QUOTED + b"a=20marko.k@kovin.example=0D=0A",
        b"mailto:marko.k%40kovin.example?subject=x",
        b'<a href="mailto:marko.k&#64;kovin.example">Marko</a>',
        b"<p>marko.k&#x40;kovin&period;example</p>",
        b"<p>&#x000006D;arko.k&commat;kovin.example;</p>",
        b"mailto:marko%2ek&#37;40kovin.example",
        QUOTED + b"<p>marko.k&#6=\r\n4;kovin.example",
        BASE64 + base64.encodebytes(b"<p>marko.k&#64;kovin.example" + b" &amp; others" * 20),
        b"ATTENDEE:mailto:marko.k@ko\r\n vin.example",
        b"ATTENDEE:mailto:marko.k@kov=\r\nin.example.",
        QUOTED + quopri.encodestring(LONG.replace(b":mailto:", b"=mailto:")),
        BASE64 + base64.encodebytes(LONG) + b"\r\n--x--",
        BASE64 + base64.encodebytes(LONG).replace(b"\n", b"\r\n"),
        BASE64 + base64.encodebytes(LONG.replace(b"marko.K@k", b"marko.K@k\r\n ")),
        b'["marko.k@kovin.example", 1]',
    ],
)
def test_found(data: bytes) -> None:
    assert mentions(WHO)(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"marko@kovin.example",
        b"ana.marko.k@kovin.example",
        b"marko.k@kovin.example.org",
        b"marko.k@kovin.examples",
        b"&#" + b"9" * 5000 + b";&#x" + b"f" * 5000 + b";&#55296;%%4kovin.example",
    ],
)
def test_not_found(data: bytes) -> None:
    assert not mentions(WHO)(data)
