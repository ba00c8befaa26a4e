from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.claims import parse_edtf


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-11-02", date(2022, 11, 2), date(2022, 11, 2)),
        ("201X", date(2010, 1, 1), date(2019, 12, 31)),
        ("2022-1X", date(2022, 10, 1), date(2022, 12, 31)),
        ("2022-XX", date(2022, 1, 1), date(2022, 12, 31)),
        ("2023-02-XX", date(2023, 2, 1), date(2023, 2, 28)),
        ("XXXX-09", None, None),
        ("2022-21", date(2022, 3, 1), date(2022, 5, 31)),
        ("2022-24", date(2022, 12, 1), date(2022, 12, 31)),
        ("2022-09~", date(2022, 9, 1), date(2022, 9, 30)),
        ("2021-04/2022-07", date(2021, 4, 1), date(2022, 7, 31)),
        ("2015/..", date(2015, 1, 1), None),
        ("../2019", None, date(2019, 12, 31)),
    ],
)
def test_the_first_and_last_day_a_date_can_mean(text: str, earliest: date | None, latest: date | None) -> None:
    found = parse_edtf(text)
    assert (found.text, found.earliest, found.latest) == (text, earliest, latest)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "22", "2022-13", "2022-00", "2022-02-30", "2023-02-29", "2022-11-2", "2022/11", "../..", "0000",
     "2022-07/2021-04", "2022-21-03", "2022-11-02T10:00", "２０２２", "2022-11-02\n", "2022//2023"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="date"):
        parse_edtf(text)


@given(st.dates())
def test_every_day_means_itself(day: date) -> None:
    found = parse_edtf(day.isoformat())
    assert found.earliest == found.latest == day


@given(st.text(alphabet="0123456789X-/.~", max_size=24))
def test_anything_else_is_a_date_or_an_error(text: str) -> None:
    try:
        found = parse_edtf(text)
    except ValueError:
        return
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
