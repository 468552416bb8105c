"""Relative dates become explicit ones, never finer than the words."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.rules.dates import resolve
from workers.rules.moments import Tense

MONDAY = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)
SATURDAY = datetime(2023, 5, 13, 10, 0, tzinfo=UTC)
JANUARY = datetime(2024, 1, 15, 10, 0, tzinfo=UTC)
LEAP = datetime(2024, 2, 29, 10, 0, tzinfo=UTC)
NEW_YEAR = datetime(2025, 1, 1, 0, 30, tzinfo=UTC)

ON_MONDAY: list[tuple[str, Tense | None, str, str | None]] = [
    ("yesterday", "past", "on 7 May 2023", "2023-05-07"),
    ("today", "past", "on 8 May 2023", "2023-05-08"),
    ("tonight", "future", "on the evening of 8 May 2023", "2023-05-08"),
    ("last night", "past", "on the night of 7 May 2023", "2023-05-07"),
    ("tomorrow", "future", "on 9 May 2023", "2023-05-09"),
    ("yesterday morning", "past", "on the morning of 7 May 2023", "2023-05-07"),
    ("tomorrow evening", "future", "on the evening of 9 May 2023", "2023-05-09"),
    ("this morning", "past", "on the morning of 8 May 2023", "2023-05-08"),
    ("the day before yesterday", "past", "on 6 May 2023", "2023-05-06"),
    ("the day after tomorrow", "future", "on 10 May 2023", "2023-05-10"),
    ("three days ago", "past", "on 5 May 2023", "2023-05-05"),
    ("10 days ago", "past", "on 28 April 2023", "2023-04-28"),
    ("two weeks ago", "past", "in the week of 24 April 2023", "2023-04-24"),
    ("a week ago", "past", "in the week of 1 May 2023", "2023-05-01"),
    ("a couple of weeks ago", "past", "around the week of 24 April 2023", "2023-04-24"),
    ("six months ago", "past", "in November 2022", "2022-11-01"),
    ("a year ago", "past", "in 2022", "2022-01-01"),
    ("20 years ago", "past", "in 2003", "2003-01-01"),
    ("a few years ago", "past", "a few years before May 2023", None),
    ("several weeks ago", "past", "several weeks before 8 May 2023", None),
    ("about three years ago", "past", "around 2020", "2020-01-01"),
    ("over ten years ago", "past", "over ten years before May 2023", None),
    ("two or three years ago", "past", "two or three years before May 2023", None),
    ("1.5 years ago", "past", "1.5 years before May 2023", None),
    ("a year and a half ago", "past", "a year and a half before May 2023", None),
    ("a decade ago", "past", "around 2013", "2013-01-01"),
    ("two weekends ago", "past", "on the weekend of 29 April 2023", "2023-04-29"),
    ("last week", "past", "in the week of 1 May 2023", "2023-05-01"),
    ("this week", "past", "in the week of 8 May 2023", "2023-05-08"),
    ("next week", "future", "in the week of 15 May 2023", "2023-05-15"),
    ("last weekend", "past", "on the weekend of 6 May 2023", "2023-05-06"),
    ("this weekend", "future", "on the weekend of 13 May 2023", "2023-05-13"),
    ("over the weekend", "past", "on the weekend of 6 May 2023", "2023-05-06"),
    ("next weekend", "future", "on the weekend of 13 May 2023 or the weekend of 20 May 2023", "2023-05-13"),
    ("this past weekend", "past", "on the weekend of 6 May 2023", "2023-05-06"),
    ("last month", "past", "in April 2023", "2023-04-01"),
    ("this month", "past", "in May 2023", "2023-05-01"),
    ("next month", "future", "in June 2023", "2023-06-01"),
    ("last year", "past", "in 2022", "2022-01-01"),
    ("this year", "past", "in 2023", "2023-01-01"),
    ("earlier this year", "past", "in 2023", "2023-01-01"),
    ("next year", "future", "in 2024", "2024-01-01"),
    ("last Tuesday", "past", "on 2 May 2023", "2023-05-02"),
    ("last Monday", "past", "on 1 May 2023", "2023-05-01"),
    ("on Friday", "past", "on 5 May 2023", "2023-05-05"),
    ("on Friday", "future", "on 12 May 2023", "2023-05-12"),
    ("on Friday", None, "on Friday", None),
    ("this Friday", "future", "on 12 May 2023", "2023-05-12"),
    ("next Friday", "future", "on 12 May 2023 or 19 May 2023", "2023-05-12"),
    ("last Friday night", "past", "on the night of 5 May 2023", "2023-05-05"),
    ("on Monday evening", "future", "on the evening of 15 May 2023", "2023-05-15"),
    ("last Fri", "past", "on 5 May 2023", "2023-05-05"),
    ("last June", "past", "in June 2022", "2022-06-01"),
    ("next June", "future", "in June 2023 or June 2024", "2023-06-01"),
    ("last May", "past", "in May 2022", "2022-05-01"),
    ("in March", "past", "in March 2023", "2023-03-01"),
    ("in March", "future", "in March 2024", "2024-03-01"),
    ("in March", None, "in March", None),
    ("in late March", "past", "in late March 2023", "2023-03-01"),
    ("since March", "past", "since March 2023", "2023-03-01"),
    ("in March last year", "past", "in March 2022", "2022-03-01"),
    ("last year in March", "past", "in March 2022", "2022-03-01"),
    ("at the end of June", "future", "at the end of June 2023", "2023-06-01"),
    ("last summer", "past", "in summer 2022", "2022-06-01"),
    ("this summer", "future", "in summer 2023", "2023-06-01"),
    ("next summer", "future", "in summer 2023 or summer 2024", "2023-06-01"),
    ("next spring", "future", "in spring 2024", "2024-03-01"),
    ("last winter", "past", "in winter 2022/23", "2022-12-01"),
    ("last fall", "past", "in fall 2022", "2022-09-01"),
    ("last Christmas", "past", "at Christmas 2022", "2022-12-25"),
    ("the week before last", "past", "in the week of 24 April 2023", "2023-04-24"),
    ("the year before last", "past", "in 2021", "2021-01-01"),
    ("the month after next", "future", "in July 2023", "2023-07-01"),
    ("this time last year", "past", "around May 2022", "2022-05-01"),
    ("in two weeks", "future", "in the week of 22 May 2023", "2023-05-22"),
    ("in two weeks", "past", "in two weeks", None),
    ("in three days", "future", "on 11 May 2023", "2023-05-11"),
    ("in a month", "future", "in June 2023", "2023-06-01"),
    ("three weeks from now", "future", "in the week of 29 May 2023", "2023-05-29"),
    ("in the next few months", "future", "in the few months after May 2023", None),
    ("over the last two years", "past", "over the two years before May 2023", None),
    ("on May 7", "past", "on 7 May 2023", "2023-05-07"),
    ("on the 7th of June", "past", "on 7 June 2022", "2022-06-07"),
    ("on June 3rd", "future", "on 3 June 2023", "2023-06-03"),
    ("on 12 June 2010", "past", "on 12 June 2010", "2010-06-12"),
    ("on February 29", "past", "on February 29", None),
    ("in June 2010", "past", "in June 2010", "2010-06-01"),
    ("since 2016", "past", "since 2016", "2016-01-01"),
    ("in summer 2019", "past", "in summer 2019", "2019-06-01"),
    ("the other day", "past", "the other day", None),
    ("recently", "past", "recently", None),
    ("every Friday", "past", "every Friday", None),
    ("on Fridays", None, "on Fridays", None),
    ("the last week of June", "past", "the last week of June", None),
    ("one day", "future", "one day", None),
    ("the next day", "past", "the next day", None),
    ("since yesterday", "past", "since 7 May 2023", "2023-05-07"),
    ("until next week", "future", "until the week of 15 May 2023", None),
    ("by Friday", "future", "by 12 May 2023", None),
    ("from last Monday", "past", "from 1 May 2023", "2023-05-01"),
]

ON_OTHER_DAYS: list[tuple[datetime, str, Tense, str]] = [
    (SATURDAY, "last weekend", "past", "on the weekend of 6 May 2023"),
    (SATURDAY, "this weekend", "future", "on the weekend of 13 May 2023"),
    (SATURDAY, "last Saturday", "past", "on 6 May 2023"),
    (SATURDAY, "next Friday", "future", "on 19 May 2023"),
    (SATURDAY, "next Saturday", "future", "on 20 May 2023"),
    (JANUARY, "last winter", "past", "in winter 2022/23"),
    (JANUARY, "this winter", "past", "in winter 2023/24"),
    (JANUARY, "last December", "past", "in December 2023"),
    (JANUARY, "in December", "past", "in December 2023"),
    (JANUARY, "last summer", "past", "in summer 2023"),
    (JANUARY, "last month", "past", "in December 2023"),
    (LEAP, "a year ago", "past", "in 2023"),
    (LEAP, "tomorrow", "future", "on 1 March 2024"),
    (LEAP, "a month ago", "past", "in January 2024"),
    (NEW_YEAR, "yesterday", "past", "on 31 December 2024"),
    (NEW_YEAR, "last week", "past", "in the week of 23 December 2024"),
    (NEW_YEAR, "an hour ago", "past", "on 31 December 2024"),
    (NEW_YEAR, "last year", "past", "in 2024"),
]

IN_PLACE: list[tuple[str, Tense | None, str]] = [
    ("Tomorrow is Ana's birthday", "future", "9 May 2023 is Ana's birthday"),
    ("Last year Ana sold the farm", "past", "In 2022 Ana sold the farm"),
    ("Ana saw yesterday's game", "past", "Ana saw the game on 7 May 2023"),
    ("Ana saw yesterday's football game", "past", "Ana saw yesterday's football game"),
    ("Ana has been married for 5 years", "past", "Ana has been married for 5 years (since about 2018)"),
    ("Ana has taught for over ten years now", "past", "Ana has taught for over ten years (since before 2013)"),
    ("Ana lived in Bonn for two years", "past", "Ana lived in Bonn for two years"),
    ("Ana had lived in Bonn for two years", "past", "Ana had lived in Bonn for two years"),
    ("Ana has worked for the past three years", "past", "Ana has worked since about 2020"),
    ("Ana was born in March", "past", "Ana was born in March"),
    ("Ana's birthday is on 5 June", "future", "Ana's birthday is on 5 June"),
    ("Ana loves the song Yesterday", None, "Ana loves the song Yesterday"),
    ("Ana trains on Monday and Friday", "future", "Ana trains on Monday and Friday"),
    ("Ana flies to Rome on Friday and to Oslo next week", "future",
     "Ana flies to Rome on 12 May 2023 and to Oslo in the week of 15 May 2023"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "tense", "expected", "about"), ON_MONDAY)
def test_a_date_said_on_a_monday_is_read_against_it(
    words: str, tense: Tense | None, expected: str, about: str | None
) -> None:
    resolved = resolve(f"Ana was there {words}.", MONDAY, tense)
    assert resolved.text == f"Ana was there {expected}."
    assert resolved.about_at == (None if about is None else datetime.fromisoformat(about).replace(tzinfo=UTC))


@pytest.mark.parametrize(("written", "words", "tense", "expected"), ON_OTHER_DAYS)
def test_a_date_is_read_against_the_day_it_was_said(written: datetime, words: str, tense: Tense, expected: str) -> None:
    assert resolve(f"Ana was there {words}.", written, tense).text == f"Ana was there {expected}."


@pytest.mark.parametrize(("sentence", "tense", "expected"), IN_PLACE)
def test_a_date_fits_into_its_sentence(sentence: str, tense: Tense | None, expected: str) -> None:
    assert resolve(sentence, MONDAY, tense).text == expected


def test_the_day_is_that_of_the_writers_own_time_zone() -> None:
    late = datetime(2023, 5, 8, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    resolved = resolve("Ana slept today", late, "past")
    assert resolved.text == "Ana slept on 8 May 2023"
    assert resolved.about_at == datetime(2023, 5, 8, tzinfo=late.tzinfo)


def test_what_was_settled_stays_settled() -> None:
    for words, tense, expected, _ in ON_MONDAY:
        if tense is not None and expected != words:
            once = resolve(f"Ana was there {words}.", MONDAY, tense).text
            later = MONDAY + timedelta(days=400)
            assert resolve(once, later, tense).text == once


@settings(deadline=None)
@given(
    text=st.text(alphabet="lastnexty 0123456789-agowekmuinMarchFid.,'", max_size=80),
    written=st.datetimes(timezones=st.just(UTC)),
    tense=st.sampled_from(["past", "future", None]),
)
def test_no_text_and_no_day_upsets_the_resolver(text: str, written: datetime, tense: Tense | None) -> None:
    resolve(text, written, tense)


@settings(deadline=None)
@given(
    words=st.sampled_from([row[0] for row in ON_MONDAY]),
    written=st.datetimes(timezones=st.just(UTC)),
    tense=st.sampled_from(["past", "future", None]),
)
def test_every_expression_can_be_read_on_every_day(words: str, written: datetime, tense: Tense | None) -> None:
    resolved = resolve(f"Ana was there {words}.", written, tense)
    assert resolved.text.startswith("Ana was there ")


@settings(deadline=None)
@given(written=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_last_friday_is_a_friday_of_the_last_seven_days(written: date) -> None:
    about = resolve(
        "Ana ran last Friday", datetime(written.year, written.month, written.day, tzinfo=UTC), "past"
    ).about_at
    assert about is not None
    assert about.weekday() == 4
    assert 1 <= (written - about.date()).days <= 7
