"""Writes rrule.json: when each statement of the tests of wishes starts in 2026, as dateutil's rrule works it out.

    pip install python-dateutil && python rrule.py > rrule.json

A rule is written for each statement by hand. rrule knows no time zones: it is asked for readings of the clock, and
`instant` turns them into instants: at the end of the gap that skips a reading, at the first of two that repeat it.
"""

import json
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule

ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe"]
START, END = datetime(2026, 1, 1), datetime(2026, 12, 31, 23, 59, 59)
WEEKDAYS = (MO, TU, WE, TH, FR)


def instant(reading, zone):
    """The first instant at which the clock reads this, or has gone beyond it."""
    zone = ZoneInfo(zone)
    at = reading.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    if at.astimezone(zone).replace(tzinfo=None) == reading:
        return at
    # Skipped: a minute at a time until the clock reads something that exists.
    while True:
        reading += timedelta(minutes=1)
        at = reading.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
        if at.astimezone(zone).replace(tzinfo=None) == reading:
            return at


def rule(freq, start=START, **parts):
    """The readings of the year."""
    return list(rrule(freq, dtstart=start, until=END, **parts))


def longer(freq, **parts):
    """Readings of another zone, whose year starts earlier or later."""
    return list(rrule(freq, dtstart=datetime(2025, 12, 1), until=datetime(2027, 1, 31), **parts))


def at(days, *times):
    """Times on the days of some readings."""
    clock = [datetime.strptime(time, "%H:%M").time() for time in times]
    return [datetime.combine(day.date(), time) for day in days for time in clock]


def moved(days, by):
    return [day + timedelta(days=by) for day in days]


def or_next_weekday(day):
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def excluding(days, *left_out):
    return [day for day in days if day.date() not in left_out]


HOLIDAYS = [date(2026, 1, 1), date(2026, 7, 3), date(2026, 11, 26), date(2026, 12, 25)]
business = excluding(rule(DAILY, byweekday=WEEKDAYS), *HOLIDAYS)
months = [[day for day in business if day.month == month] for month in range(1, 13)]
grid = ["09:00", "10:30", "12:00", "13:30", "15:00", "16:30"]

WISHES = {
    # Several times or days.
    "daily at 06:00, 18:00": at(rule(DAILY), "06:00", "18:00"),
    "daily at 02:00, 02:15, 02:30, 03:00": at(rule(DAILY), "02:00", "02:15", "02:30", "03:00"),
    "weekly on Mon, Wed, Fri 07:00": at(rule(WEEKLY, byweekday=(MO, WE, FR)), "07:00"),
    "daily at 09:30 on weekdays": at(rule(DAILY, byweekday=WEEKDAYS), "09:30"),
    "once per (time of week on weekends)": rule(WEEKLY, byweekday=(SA, SU)),
    "monthly on 1st, 15th 09:00, last day 17:00": at(rule(MONTHLY, bymonthday=(1, 15)), "09:00")
    + at(rule(MONTHLY, bymonthday=-1), "17:00"),
    # Dates.
    "once at 2026-07-04 12:00": at([datetime(2026, 7, 4)], "12:00"),
    "daily at 08:00 & from 2026-11-28": at(rule(DAILY, datetime(2026, 11, 28)), "08:00"),
    "daily at 10:00 & from 2026-11-20 & until 2026-12-01 09:00": at(
        rrule(DAILY, dtstart=datetime(2026, 11, 20), until=datetime(2026, 11, 30)), "10:00"),
    "daily at 10:00 & until 2026-02-10": at(rrule(DAILY, dtstart=START, until=datetime(2026, 2, 10)), "10:00"),
    # So many runs.
    "weekly on Tuesday 09:00 & from 2026-02-01 & at most 10 runs": at(
        rrule(WEEKLY, dtstart=datetime(2026, 2, 1), byweekday=TU, count=10), "09:00"),
    # Every so many weeks, months and quarters.
    "every 2 weeks on Friday 17:00 from 2026-01-02": at(rule(WEEKLY, datetime(2026, 1, 2), interval=2), "17:00"),
    "every 2 weeks on Mon, Thu 06:00 from 2026-01-05": at(
        rule(WEEKLY, datetime(2026, 1, 5), interval=2, byweekday=(MO, TH)), "06:00"),
    "every 3 weeks on Sunday 02:30 from 2026-01-04": at(rule(WEEKLY, datetime(2026, 1, 4), interval=3), "02:30"),
    "every 3 months on 1st 09:00": at(rule(MONTHLY, interval=3, bymonthday=1), "09:00"),
    "every 2 months on last Friday 16:00 from 2026-02-01": at(
        rule(MONTHLY, datetime(2026, 2, 1), interval=2, byweekday=FR(-1)), "16:00"),
    "every 10 days from 2026-01-03 08:00": at(rule(DAILY, datetime(2026, 1, 3), interval=10), "08:00"),
    "quarterly": rule(MONTHLY, interval=3, bymonthday=1),
    "quarterly on 15th 12:00": at(rule(MONTHLY, interval=3, bymonthday=15), "12:00"),
    "once per (time of quarter on last day)": rule(MONTHLY, datetime(2026, 3, 31), interval=3, bymonthday=-1),
    "yearly on fourth Thursday of November 10:00": at(rule(YEARLY, bymonth=11, byweekday=TH(4)), "10:00"),
    "every 1 month from 2026-01-31 09:00": at(rule(MONTHLY, bymonthday=-1), "09:00"),
    # A grid on the clock.
    "every 90 minutes from 09:00 until 17:00": at(rule(DAILY), *grid),
    "every 90 minutes from 09:00 until 17:00 on weekdays": at(rule(DAILY, byweekday=WEEKDAYS), *grid),
    # The nth weekday and days counted from the end.
    "monthly on first Monday 09:00": at(rule(MONTHLY, byweekday=MO(1)), "09:00"),
    "monthly on last Friday 17:00": at(rule(MONTHLY, byweekday=FR(-1)), "17:00"),
    "monthly on fifth Sunday 02:15": at(rule(MONTHLY, byweekday=SU(5)), "02:15"),
    "monthly on last weekday 18:00": at(rule(MONTHLY, byweekday=WEEKDAYS, bysetpos=-1), "18:00"),
    "monthly on second last weekday 18:00": at(rule(MONTHLY, byweekday=WEEKDAYS, bysetpos=-2), "18:00"),
    "monthly on 3rd last day 12:00": at(rule(MONTHLY, bymonthday=-3), "12:00"),
    "monthly on 2 days after second Tuesday 08:00": at(moved(rule(MONTHLY, byweekday=TU(2)), 2), "08:00"),
    "monthly on 15th or next weekday 10:00": at(map(or_next_weekday, rule(MONTHLY, bymonthday=15)), "10:00"),
    "monthly on 31st 05:30": at(rule(MONTHLY, bymonthday=31), "05:30"),
    # Business days, of a calendar with four holidays.
    "monthly on last business day of 'nyse' 16:00": at([days[-1] for days in months], "16:00"),
    "monthly on third business day of 'nyse' 16:00": at([days[2] for days in months], "16:00"),
    "daily at 09:30 on business days of 'nyse'": at(business, "09:30"),
    "daily at 10:00 on weekdays & ~on 'nyse'": at(business, "10:00"),
    # Market hours in a zone of their own.
    "daily at 09:30 on weekdays in America/New_York": (
        "America/New_York", at(longer(DAILY, byweekday=WEEKDAYS), "09:30")),
    "monthly on first Sunday 02:15 in Australia/Lord_Howe": (
        "Australia/Lord_Howe", at(longer(MONTHLY, byweekday=SU(1)), "02:15")),
    # Decided meanings of cron: fixed times of day come once each day that matches.
    "cron 0 2,14 * * *": at(rule(DAILY), "02:00", "14:00"),
    "cron 0 1,13 * * *": at(rule(DAILY), "01:00", "13:00"),
    "cron 15 2 * * Sun": at(rule(WEEKLY, byweekday=SU), "02:15"),
    "cron 0 12 1 * +Mon": at(rule(MONTHLY, bymonthday=1, byweekday=MO), "12:00"),
    "cron 30 9 L-3 * *": at(rule(MONTHLY, bymonthday=-4), "09:30"),
    "cron 0 9 * * FRI#L": at(rule(MONTHLY, byweekday=FR(-1)), "09:00"),
    "cron 0 9 * * MON-FRI#1": at(rule(MONTHLY, byweekday=[day(1) for day in WEEKDAYS]), "09:00"),
}


def starts(readings, zone):
    own, readings = readings if isinstance(readings, tuple) else (zone, readings)
    found = sorted({instant(reading, own) for reading in readings})
    of_year = [at for at in found if at.astimezone(ZoneInfo(zone)).year == 2026]
    return [at.strftime("%Y-%m-%dT%H:%MZ") for at in of_year]


print("[")
lines = [json.dumps({"statement": statement, "zone": zone, "starts": starts(readings, zone)}, separators=(",", ":"))
         for statement, readings in WISHES.items() for zone in ZONES]
print(",\n".join(lines))
print("]")
