"""How far a dream has come, as it is noted on its unit with the effect of each area."""

import msgspec
from msgspec import Struct, structs

from graph.store.dream_reports import Change, Looked, Report
from graph.types import Lease, Run
from workers.derivers import Derived
from workers.dreaming.places import MOST_AREAS, Area


class Draft(Struct, frozen=True, kw_only=True):
    """What was thought of in one area, before it is written."""

    area: Area
    run: Run
    derived: tuple[Derived, ...]


class Progress(Struct, frozen=True, kw_only=True):
    """How far a dream has come.

    Attributes:
        request: which request it meets; what was noted for an earlier one counts for nothing.
        areas: those that are looked at, as far as the budget reaches.
        done: how many were looked at.
        over: whether the budget is spent, so that the others are left.
        left: those that were too many from the start.
        drafts: of a dry run, which has written none of them.
        report: what came of it so far.
    """

    request: int
    areas: tuple[Area, ...]
    left: tuple[Area, ...]
    report: Report
    done: int = 0
    over: bool = False
    drafts: tuple[Draft, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether there is nowhere left to look."""
        return self.over or self.done == len(self.areas)

    @property
    def left_ids(self) -> list[str]:
        """The conclusions that the next dream takes for new: those that this one did not come to."""
        missed = (*self.areas[self.done :], *self.left)
        return list(dict.fromkeys(each for area in missed for each in area.focus_ids))

    def after(self, tokens: int, changes: list[Change], shared: int, draft: Draft | None) -> "Progress":
        """One area further."""
        areas = list(self.report.areas)
        areas[self.done] = structs.replace(areas[self.done], state="looked", tokens=tokens)
        report = structs.replace(
            self.report,
            tokens=self.report.tokens + tokens,
            areas=areas,
            changes=[*self.report.changes, *changes],
            shared=self.report.shared + shared,
        )
        drafts = self.drafts if draft is None else (*self.drafts, draft)
        return structs.replace(self, done=self.done + 1, report=report, drafts=drafts)

    def spent(self) -> "Progress":
        """No further: the budget does not reach."""
        return structs.replace(self, over=True)

    def encoded(self) -> str:
        """As it is noted."""
        return msgspec.json.encode(self).decode()


def begun(held: Lease, report: Report, areas: list[Area]) -> Progress:
    """A dream that begins: the first areas are looked at, the others left for the next dream."""
    shown = [
        Looked(reason=area.reason, why=area.why, focus_ids=area.focus_ids, conclusions=len(area.ids)) for area in areas
    ]
    return Progress(
        request=held.last_seq,
        areas=tuple(areas[:MOST_AREAS]),
        left=tuple(areas[MOST_AREAS:]),
        report=structs.replace(report, areas=shown),
    )


def noted(held: Lease, text: str | None) -> Progress | None:
    """What was noted for the request that is being met; None if that was not begun."""
    if text is None:
        return None
    found = msgspec.json.decode(text, type=Progress)
    return found if held.cursor < found.request <= held.last_seq else None


def ended(progress: Progress) -> list[Looked]:
    """The areas as the report tells them in the end: what was not looked at is left."""
    return [
        structs.replace(looked, state="left") if looked.state == "waiting" else looked
        for looked in progress.report.areas
    ]
