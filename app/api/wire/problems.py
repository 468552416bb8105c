"""What is wrong with a request, in the list form that clients of the v3 API expect."""

from msgspec import UNSET, Struct, UnsetType

Loc = tuple[str | int, ...]


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a request.

    Attributes:
        type: a name for the kind of problem, such as `string_too_long`.
        loc: where it is: `body`, `query` or `path`, then keys and indexes.
        msg: one sentence.
        input: the value as it was sent.
        ctx: what the sentence speaks of, such as the limit.
    """

    type: str
    loc: Loc
    msg: str
    input: object
    ctx: dict[str, object] | UnsetType = UNSET


class RequestInvalid(Exception):
    """A request's body or query breaks rules; all of them that were found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems, the first at {problems[0].loc}: {problems[0].msg}")
        self.problems = problems


class Refused(Exception):
    """One value breaks a rule; the reader that called knows where the value stands."""

    def __init__(self, type: str, msg: str, ctx: dict[str, object] | None = None) -> None:
        super().__init__(msg)
        self.type = type
        self.msg = msg
        self.ctx = ctx

    def at(self, loc: Loc, value: object) -> Problem:
        """The problem that this is for `value` at `loc`."""
        return Problem(type=self.type, loc=loc, msg=self.msg, input=value, ctx=UNSET if self.ctx is None else self.ctx)


def broken_rule(sentence: str) -> Refused:
    """Refuse a value that breaks a rule of our own, one that types and limits do not express."""
    return Refused("value_error", f"Value error, {sentence}", {"error": {}})
