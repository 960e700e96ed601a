"""A check of the fuzzer's: no answer has a secret or a stack in it. Runs in the fuzzer's own environment."""

import os

import schemathesis  # type: ignore[import-not-found, unused-ignore]

HIDDEN = [*os.environ["FUZZ_HIDDEN"].split("\n"), "Traceback", 'File "']


@schemathesis.check  # type: ignore[untyped-decorator, unused-ignore]
def unleaked(ctx: object, response: object, case: object) -> None:
    """Fail on an answer that says what it should not."""
    text = getattr(response, "text", "")
    leaked = [hidden for hidden in HIDDEN if hidden in text]
    assert not leaked, "a secret or a stack is in the answer"
