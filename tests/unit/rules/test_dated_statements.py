"""What one says of oneself with a date keeps it, in a form that can be read next year."""

from datetime import UTC, datetime

import pytest

from workers.rules import Turn, extract

MAY = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)  # a Monday
LEAP = datetime(2024, 2, 29, 9, 0, tzinfo=UTC)
NEW_YEAR = datetime(2025, 1, 1, 0, 30, tzinfo=UTC)

ROWS: list[tuple[str, datetime, list[str]]] = [
    ("I've been painting since 2016.", MAY, ["Ana has been painting since 2016."]),
    ("We moved to Lyon last June.", MAY, ["Ana (with others) moved to Lyon in June 2022."]),
    ("I was born in 1990.", MAY, ["Ana was born in 1990."]),
    ("Lost my job yesterday", MAY, ["Ana lost their job on 7 May 2023."]),
    ("I'm gonna start a bakery next year", MAY, ["Ana is going to start a bakery in 2024."]),
    ("I quit smoking three years ago", MAY, ["Ana quit smoking in 2020."]),
    ("I've been married for five years.", MAY, ["Ana has been married for five years (since about 2018)."]),
    (
        "My wife and I adopted a cat last weekend.",
        MAY,
        ["Ana's wife and Ana adopted a cat on the weekend of 6 May 2023."],
    ),
    ("I'd love to visit Japan next spring.", MAY, ["Ana would love to visit Japan in spring 2024."]),
    ("I plan to retire in 2030.", MAY, ["Ana plans to retire in 2030."]),
    ("I drive a 2014 Honda Civic.", MAY, ["Ana drives a 2014 Honda Civic."]),
    ("My daughter Lena starts school in September.", MAY, ["Ana's daughter Lena starts school in September 2023."]),
    ("My mother died in 2009.", MAY, ["Ana's mother died in 2009."]),
    ("My boss gave me a raise yesterday.", MAY, ["Ana's boss gave Ana a raise on 7 May 2023."]),
    ("I have an interview on Friday.", MAY, ["Ana has an interview on 12 May 2023."]),
    ("I had an interview on Friday.", MAY, ["Ana had an interview on 5 May 2023."]),
    ("Yesterday I broke my arm.", MAY, ["On 7 May 2023 Ana broke their arm."]),
    (
        "Last night I watched Alien with my flatmate.",
        MAY,
        ["On the night of 7 May 2023 Ana watched Alien with their flatmate."],
    ),
    ("Two weeks ago we sold our car", MAY, ["In the week of 24 April 2023 Ana (with others) sold their car."]),
    ("I'm getting married in June.", MAY, ["Ana is getting married in June 2023."]),
    (
        "I graduated from MIT in 2015 with a degree in physics.",
        MAY,
        ["Ana graduated from MIT in 2015 with a degree in physics."],
    ),
    ("I haven't seen my father since 2018.", MAY, ["Ana hasn't seen their father since 2018."]),
    ("I turned 40 last week.", MAY, ["Ana turned 40 in the week of 1 May 2023."]),
    ("I broke up with Sam in January.", MAY, ["Ana broke up with Sam in January 2023."]),
    ("I've got a meeting with Dr. Khan on Tuesday.", MAY, ["Ana has got a meeting with Dr. Khan on 9 May 2023."]),
    ("I became a father in 2020", MAY, ["Ana became a father in 2020."]),
    ("Been working at Ikea since March", MAY, ["Ana has been working at Ikea since March 2023."]),
    (
        "Going to Rome next week with my brother",
        MAY,
        ["Ana is going to Rome in the week of 15 May 2023 with their brother."],
    ),
    ("Started a pottery class last Tuesday.", MAY, ["Ana started a pottery class on 2 May 2023."]),
    ("I ran my first marathon on April 23.", MAY, ["Ana ran their first marathon on 23 April 2023."]),
    (
        "I've been learning Korean for two years",
        MAY,
        ["Ana has been learning Korean for two years (since about 2021)."],
    ),
    ("I met my wife Clara in Prague in 2008.", MAY, ["Ana met their wife Clara in Prague in 2008."]),
    (
        "I lost my keys, so I'm staying at my brother's tonight.",
        MAY,
        ["Ana lost their keys.", "Ana is staying at their brother's on the evening of 8 May 2023."],
    ),
    ("My team won the cup last Saturday", MAY, ["Ana's team won the cup on 6 May 2023."]),
    ("We're expecting a baby in August.", MAY, ["Ana (with others) is expecting a baby in August 2023."]),
    (
        "We're planning a trip to Iceland next summer",
        MAY,
        ["Ana (with others) is planning a trip to Iceland in summer 2023 or summer 2024."],
    ),
    (
        "I finished reading Middlemarch this morning.",
        MAY,
        ["Ana finished reading Middlemarch on the morning of 8 May 2023."],
    ),
    (
        "I sold my flat and moved in with my sister in April.",
        MAY,
        ["Ana sold their flat.", "Ana moved in with their sister in April 2023."],
    ),
    ("I'm training for a triathlon in October.", MAY, ["Ana is training for a triathlon in October 2023."]),
    ("I've been sober for three years now.", MAY, ["Ana has been sober for three years (since about 2020)."]),
    (
        "My uncle Pedro has been a fisherman for 30 years.",
        MAY,
        ["Ana's uncle Pedro has been a fisherman for 30 years (since about 1993)."],
    ),
    (
        "I've worked at Bosch for six months.",
        MAY,
        ["Ana has worked at Bosch for six months (since about November 2022)."],
    ),
    (
        "We celebrated our tenth anniversary in Rome last Saturday.",
        MAY,
        ["Ana (with others) celebrated their tenth anniversary in Rome on 6 May 2023."],
    ),
    ("I earned my pilot licence in 2019.", MAY, ["Ana earned their pilot licence in 2019."]),
    ("My laptop was stolen last night.", MAY, ["Ana's laptop was stolen on the night of 7 May 2023."]),
    ("I was promoted to team lead last month!", MAY, ["Ana was promoted to team lead in April 2023."]),
    (
        "I will start a new job at Philips in two weeks.",
        MAY,
        ["Ana will start a new job at Philips in the week of 22 May 2023."],
    ),
    ("I'm flying to Lima tomorrow.", MAY, ["Ana is flying to Lima on 9 May 2023."]),
    ("I haven't smoked since January.", MAY, ["Ana hasn't smoked since January 2023."]),
    (
        "Signed up for a half marathon last night",
        MAY,
        ["Ana signed up for a half marathon on the night of 7 May 2023."],
    ),
    ("My niece Ada turned three yesterday.", MAY, ["Ana's niece Ada turned three on 7 May 2023."]),
    ("I spent the summer of 2018 in Mongolia.", MAY, ["Ana spent the summer of 2018 in Mongolia."]),
    ("I met Rosa at a concert in March last year.", MAY, ["Ana met Rosa at a concert in March 2022."]),
    ("I broke my leg skiing last winter.", MAY, ["Ana broke their leg skiing in winter 2022/23."]),
    ("I plan to run the Boston marathon next April.", MAY, ["Ana plans to run the Boston marathon in April 2024."]),
    ("My mom's 70th birthday is next week.", MAY, ["Ana's mom's 70th birthday is in the week of 15 May 2023."]),
    ("Quit my job last Friday", MAY, ["Ana quit their job on 5 May 2023."]),
    (
        "I signed the lease on a flat in Leith this morning",
        MAY,
        ["Ana signed the lease on a flat in Leith on the morning of 8 May 2023."],
    ),
    ("I moved out of my parents' house two years ago.", MAY, ["Ana moved out of their parents' house in 2021."]),
    ("I lost 10 kg since January", MAY, ["Ana lost 10 kg since January 2023."]),
    (
        "My girlfriend and I are moving in together next month.",
        MAY,
        ["Ana's girlfriend and Ana are moving in together in June 2023."],
    ),
    ("I was at the dentist today.", MAY, ["Ana was at the dentist on 8 May 2023."]),
    ("I've known Clara since 2004.", MAY, ["Ana has known Clara since 2004."]),
    ("I ran a 10k yesterday", LEAP, ["Ana ran a 10k on 28 February 2024."]),
    ("I ran a 10k yesterday", NEW_YEAR, ["Ana ran a 10k on 31 December 2024."]),
    ("I'm moving to Malmö tomorrow.", LEAP, ["Ana is moving to Malmö on 1 March 2024."]),
    ("I'm moving to Malmö tomorrow.", NEW_YEAR, ["Ana is moving to Malmö on 2 January 2025."]),
    ("I sold my boat last year", LEAP, ["Ana sold their boat in 2023."]),
    ("I sold my boat last year", NEW_YEAR, ["Ana sold their boat in 2024."]),
    ("I start at Nokia next month.", LEAP, ["Ana starts at Nokia in March 2024."]),
    ("I start at Nokia next month.", NEW_YEAR, ["Ana starts at Nokia in February 2025."]),
    ("We got a puppy last weekend", LEAP, ["Ana (with others) got a puppy on the weekend of 24 February 2024."]),
    ("We got a puppy last weekend", NEW_YEAR, ["Ana (with others) got a puppy on the weekend of 28 December 2024."]),
    ("I hiked the Teide three days ago.", LEAP, ["Ana hiked the Teide on 26 February 2024."]),
    ("I hiked the Teide three days ago.", NEW_YEAR, ["Ana hiked the Teide on 29 December 2024."]),
    ("I booked the hall for 2 June.", MAY, ["Ana booked the hall for 2 June 2023."]),
    ("I booked the hall for Friday.", MAY, ["Ana booked the hall for 12 May 2023."]),
    ("I went to Rome on 2 June.", MAY, ["Ana went to Rome on 2 June 2022."]),
]


@pytest.mark.parametrize(("words", "written", "expected"), ROWS)
def test_a_statement_with_a_date_is_told_with_the_date_it_means(
    words: str, written: datetime, expected: list[str]
) -> None:
    found = extract([Turn("m1", "Ana", words, written)], "Ana")
    assert [proposition.content for proposition in found] == expected
