"""The terminal face (Textual).

The list is on the screen before anything else is loaded, because loading is what a start consists of: a module costs
about half a millisecond, a frozen slotted dataclass one and a half, the values of `domain.model` 25, a TextArea 20.
So on the way to the first paint types are imported under `TYPE_CHECKING`, small values are NamedTuples, and what is
needed only later (controllers, the letter's widgets, other screens, editor, search) is imported where it is made.
`tests/test_imports.py` holds the list of what the first paint loads.
"""
