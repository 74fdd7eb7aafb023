"""Writes siblings.jsonl: schedules as people paste them from other programs, with the starts that two libraries find.

    pip install croniter cronsim && python siblings.py > siblings.jsonl

Each text was written by hand, after the forms in the documentation of these programs; cases are kept where croniter and
cronsim agree. What AWS, systemd, Quartz and Spring write in a form of their own becomes a `pasted_next` as well: it is no statement here,
and the statement that is proposed in its place has the starts of the five or six fields that say the same.
"""

import json
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim

ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"]
FROM = ["2026-01-01T00:00:00Z", "2026-03-07T12:00:00Z", "2026-10-31T12:00:00Z", "2028-02-28T22:10:30Z"]

# Program, written, and five fields that say the same.
FIVE = [(program, text, text) for program, texts in {
    "Kubernetes": ["*/1 * * * *", "0 */6 * * *", "0 3 * * 1-5", "0 0 13 * 5", "15 14 1 * *", "5 4 * * sun", "0 0 1 1 *",
                   "0 0 1 * *", "0 0 * * 0", "0 0 * * *", "0 * * * *", "0 22 * * 1-5", "23 0-20/2 * * *",
                   "30 3 * * 6,0", "0 0,12 1 */2 *", "0 4 8-14 * *"],
    "GitHub Actions": ["30 5,17 * * *", "30 5 * * 1,3", "30 5 * * 2,4", "0 0 * * MON", "17 3 * * 0", "*/15 * * * *",
                       "0 8 * * 1-5", "20 4 * * 2", "0 12 1-7 * 1", "55 23 28-31 * *"],
    "Airflow": ["0 0 * * 1-5", "0 6 * * 1", "0 9 * * MON-FRI", "0 0 1 */3 *", "45 6 * * *", "0 2 * * TUE,THU",
                "10 1 2 2,5,8,11 *", "0 16 * * 1-4", "*/10 9-17 * * 1-5", "5 0 * 8 *"],
    "Sidekiq": ["0 */4 * * *", "*/5 * * * *", "0 5 * * 1", "0 1 1,15 * *", "30 6 * * 1-5", "0 0 * 1-6/2 *", "7 7 7 7 *",
                "0-10/2 3 * * *", "59 23 31 12 *", "0 9-17 * * 1-5"],
    "node-cron": ["1-5 * * * *", "1,2,4,5 * * * *", "*/2 * * * *", "* * * January,September Sunday",
                  "0 0 * Jan,Apr,Jul,Oct Mon", "0 12 * * 0-6", "0 11 * * 1-5", "* 5-8 4 * *"],
    "crontab": ["0 0 1,15 * 1", "0 0 1,15 * *", "5 4 * * sun", "15 2,14 * * *", "0 2 29 2 *", "0 0 31 * *",
                "30 1 * * *", "30 2 * * *", "0 1-3 * * *", "0,30 2 * * *", "0 3-23/6 * * *", "*/7 * * * *",
                "0 */5 * * *", "10 0 */3 * *", "0 12 */2 * *", "0 0 * * 7", "0 0 * * 6-7", "20-40/10 8 * * *",
                "0 23 * * 5,6", "0 4 1 JAN-MAR *", "0 0 30 4,6,9,11 *", "0 10 * FEB MON-WED", "1 1 1 1 1",
                "0 18 25-31 * 5"],
    "APScheduler": ["0 17 * * mon-fri", "0 3 * * sat,sun", "*/3 * * * *", "0 0 * * mon", "30 9 15 * *", "0 0-3 * 6-8,11-12 *"],
    "Jenkins": ["15 13 * * *", "30 * * * *", "0 9,12,15 * * 1-5", "0 1,8,16 * * *"],
    "croniter": ["0 0 * * 1#1", "0 0 * * 5#3", "0 9 * * 3#2,5#4", "30 10 * * 1#5", "0 0 L * *"],
}.items() for text in texts] + [
    ("AWS", "cron(15 12 * * ? *)", "15 12 * * *"),
    ("AWS", "cron(0 8 1 * ? *)", "0 8 1 * *"),
    ("AWS", "cron(0/15 * * * ? *)", "*/15 * * * *"),
    ("AWS", "cron(0/10 * ? * MON-FRI *)", "*/10 * * * MON-FRI"),
    ("AWS", "cron(0/5 8-17 ? * MON-FRI *)", "*/5 8-17 * * MON-FRI"),
    ("AWS", "cron(0 9 ? * 2#1 *)", "0 9 * * 1#1"),
    ("AWS", "cron(0 18 ? * 6 *)", "0 18 * * 5"),
    ("systemd", "*-*-* 04:00:00", "0 4 * * *"),
    ("systemd", "Mon *-*-* 03:15", "15 3 * * Mon"),
    ("systemd", "Sat,Sun 10:30", "30 10 * * Sat,Sun"),
    ("systemd", "*-*-01,15 00:00", "0 0 1,15 * *"),
    ("systemd", "*-12-24 18:00", "0 18 24 12 *"),
    ("systemd", "*:0/5", "*/5 * * * *"),
]

# Six fields, with the seconds first.
SIX = [(program, written, text) for program, pairs in {
    "Quartz": [("0 0 12 * * ?", "0 0 12 * * *"), ("0 15 10 ? * *", "0 15 10 * * *"), ("0 15 10 * * ? *", "0 15 10 * * *"),
               ("0 0/5 14 * * ?", "0 */5 14 * * *"), ("0 0/5 14,18 * * ?", "0 */5 14,18 * * *"),
               ("0 0-5 14 * * ?", "0 0-5 14 * * *"), ("0 10,44 14 ? 3 WED", "0 10,44 14 * 3 WED"),
               ("0 15 10 ? * MON-FRI", "0 15 10 * * MON-FRI"), ("0 15 10 15 * ?", "0 15 10 15 * *"),
               ("0 11 11 11 11 ?", "0 11 11 11 11 *"), ("0 0 12 ? * SUN", "0 0 12 * * SUN")],
    "Spring": [("0 0 * * * *", "0 0 * * * *"), ("*/10 * * * * *", "*/10 * * * * *"), ("0 0 8-10 * * *", "0 0 8-10 * * *"),
               ("0 0 6,19 * * *", "0 0 6,19 * * *"), ("0 0/30 8-10 * * *", "0 */30 8-10 * * *"),
               ("0 0 9-17 * * MON-FRI", "0 0 9-17 * * MON-FRI"), ("0 0 0 25 DEC ?", "0 0 0 25 DEC *"),
               ("0 0 0 * * 0", "0 0 0 * * 0")],
    "node-cron": [("* * * * * *", "* * * * * *"), ("30 45 */2 * * 1", "30 45 */2 * * 1"), ("1 2 3 4 5 *", "1 2 3 4 5 *"),
                  ("15,45 0 0 1 * *", "15,45 0 0 1 * *")],
}.items() for written, text in pairs]

# What is no schedule there either.
REJECTED = ["60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *", "* * * * 8", "a * * * *",
            "*/0 * * * *", "5- * * * *", "-5 * * * *", "1--2 * * * *", "1,, * * * *", "* * *", "", "* * * FOO *",
            "* * * * BAR", "*/-5 * * * *", "1.5 * * * *", "0x5 * * * *", "0 0 31 2 *", "0 0 31 4,6,9,11 *", "0 0 * * 1#6",
            "0 0 * * 1#0", "*,/5 * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "#2 0 * * *", "0 0 W * *", "0 0 32W * *"]


def starts(iterate, count=12):
    return [next(iterate).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for _ in range(count)]


def of_croniter(text, at, is_six):
    found = croniter(text, at, ret_type=datetime, second_at_beginning=is_six)
    return starts(iter(lambda: found.get_next(datetime), None))


def case(program, written, text, index, is_six):
    zone, at = ZONES[index % len(ZONES)], FROM[index // len(ZONES) % len(FROM)]
    local = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    try:
        expected = of_croniter(text, local, is_six)
        if expected != starts(CronSim(text, local)):
            return None
    except Exception:
        return None
    return {"kind": "cron6_next" if is_six else "cron_next", "text": text, "program": program,
            "zone": zone, "at": at, "expected": expected, "oracles": ["croniter", "cronsim"]}


def pasted(row, written):
    return {**row, "kind": "pasted_next", "text": written}


cases = [(case(*row, index, False), row[1]) for index, row in enumerate(FIVE)]
cases += [(case(*row, index, False), row[2]) for index, row in enumerate(FIVE, 7)]
cases += [(case(*row, index, True), row[1]) for index, row in enumerate(SIX)]
cases = [(row, written) for row, written in cases if row]
cases += [(pasted(row, written), written) for row, written in cases if written != row["text"]]
for row, _ in cases:
    print(json.dumps(row, separators=(",", ":")))
for text in REJECTED:
    print(json.dumps({"kind": "cron_reject", "text": text, "oracles": ["by hand"]}, separators=(",", ":")))
