//! Bounds, lengths, periods and trees that are built from Rust.

use std::time::Duration;

use rocketry_syntax::ast::{Bound, Compare, Count, Day};
use rocketry_syntax::suggest::nearest;
use rocketry_syntax::{BoundValue, CondExpr, Delta, PeriodExpr, Unit, Window, parse_condition, parse_period};

const HOUR: u64 = 3_600_000_000;
const DAY: u64 = 24 * HOUR;

#[test]
fn integers_include_their_sub_unit_as_an_end() {
    let cases = [
        (Unit::Second, 0, 999, Bound::Clock(0), Bound::Clock(1_000_000)),
        (Unit::Minute, 0, 59, Bound::Clock(0), Bound::Clock(60_000_000)),
        (Unit::Hour, 0, 59, Bound::Clock(0), Bound::Clock(HOUR)),
        (Unit::Day, 0, 23, Bound::Clock(0), Bound::Clock(DAY)),
        (
            Unit::Week,
            1,
            7,
            Bound::Weekday { day: 0, time: None },
            Bound::Weekday { day: 6, time: None },
        ),
        (
            Unit::Month,
            1,
            31,
            Bound::MonthDay {
                day: Day::Nth(1),
                time: None,
            },
            Bound::MonthDay {
                day: Day::Nth(31),
                time: None,
            },
        ),
        (
            Unit::Year,
            1,
            12,
            Bound::YearDay {
                month: 1,
                day: None,
                time: None,
            },
            Bound::YearDay {
                month: 12,
                day: None,
                time: None,
            },
        ),
    ];
    for (unit, first, last, start, end) in cases {
        assert_eq!(Bound::start(unit, first), Ok(start));
        assert_eq!(Bound::end(unit, last), Ok(end));
        for (outside, value) in [(first - 1, "-1"), (last + 1, "")] {
            let error = Bound::end(unit, outside).unwrap_err();
            assert_eq!(error.range, 0..outside.to_string().len(), "{unit} {value}");
            assert!(Bound::start(unit, i64::from(outside)).is_err());
        }
    }
    let error = Bound::start(Unit::Day, 25).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected an hour from 0 to 23, found `25` (at 0..2)"
    );
}

#[test]
fn floats_are_exact() {
    assert_eq!(Bound::start(Unit::Second, 15.005), Ok(Bound::Clock(15_005)));
    assert_eq!(Bound::end(Unit::Minute, 45.25), Ok(Bound::Clock(45_250_000)));
    assert_eq!(Bound::end(Unit::Minute, 60.0), Ok(Bound::Clock(60_000_000)));
    for (unit, number) in [
        (Unit::Minute, -0.5),
        (Unit::Minute, 60.1),
        (Unit::Second, f64::NAN),
        (Unit::Hour, 2.5),
        (Unit::Day, 2.5),
        (Unit::Week, 2.5),
    ] {
        assert!(Bound::end(unit, number).is_err(), "{unit} {number}");
    }
    assert!(Bound::start(Unit::Minute, 60.0).is_err());
}

#[test]
fn microseconds_are_exact() {
    assert_eq!(
        Bound::start(Unit::Day, BoundValue::Micros(7)),
        Ok(Bound::Clock(7))
    );
    assert_eq!(
        Bound::end(Unit::Day, BoundValue::Micros(DAY)),
        Ok(Bound::Clock(DAY))
    );
    assert!(Bound::start(Unit::Day, BoundValue::Micros(DAY)).is_err());
    assert!(Bound::end(Unit::Day, BoundValue::Micros(DAY + 1)).is_err());
    assert!(Bound::end(Unit::Week, BoundValue::Micros(0)).is_err());
}

#[test]
fn bounds_come_from_many_types() {
    assert_eq!(Bound::start(Unit::Day, 10_u32), Bound::start(Unit::Day, 10_i64));
    assert_eq!(
        Bound::start(Unit::Day, &"10:00".to_owned()),
        Bound::start(Unit::Day, "10:00")
    );
    let error = Bound::start(Unit::Day, "10:00 sharp").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected the end of the bound, found `sharp` (at 6..11)"
    );
    assert!(Bound::start(Unit::Day, "'10:00'").is_err());
}

#[test]
fn times_of_day() {
    let cases = [
        ("00:00", 0),
        ("8:30", 8 * HOUR + HOUR / 2),
        ("12 am", 0),
        ("12:00 PM", 12 * HOUR),
        ("1pm", 13 * HOUR),
        ("11:59:59.999999 pm", DAY - 1),
        ("10:00:15.250000000", 10 * HOUR + 15_250_000),
    ];
    for (text, micros) in cases {
        assert_eq!(Bound::start(Unit::Day, text), Ok(Bound::Clock(micros)), "{text}");
    }
    let invalid = [
        "",
        "10",
        "99",
        "2020-01-01",
        "Jan 5",
        "0 am",
        "10:60",
        "10:00:60",
        "10:00:00.0000001",
        "1:2:3:4",
    ];
    for text in invalid
        .into_iter()
        .chain(["10:", ":10", "10am am", "10 a m", "-1:00", "10:00:5", "010:00"])
    {
        assert!(Bound::start(Unit::Day, text).is_err(), "{text}");
    }
}

#[test]
fn the_end_of_a_day_is_the_bare_day() {
    let monday = Bound::Weekday { day: 0, time: None };
    assert_eq!(Bound::end(Unit::Week, "Mon 24:00"), Ok(monday));
    assert_eq!(Bound::end(Unit::Day, "24:00"), Ok(Bound::Clock(DAY)));
    assert!(Bound::start(Unit::Week, "Mon 24:00").is_err());
}

#[test]
fn windows_check_their_bounds() {
    let ten = || Bound::Clock(10 * HOUR);
    assert_eq!(Window::after(Unit::Day, "10:00"), Ok(Window::After(ten())));
    assert_eq!(Window::before(Unit::Day, 9), Ok(Window::Before(ten())));
    assert_eq!(Window::on(Unit::Day, 10), Ok(Window::On(ten())));
    assert_eq!(Window::starting(Unit::Day, "10 am"), Ok(Window::Starting(ten())));
    let window = Window::between(Unit::Day, 10, 10);
    assert_eq!(window, Ok(Window::Between(ten(), Bound::Clock(11 * HOUR))));
    assert!(Window::between(Unit::Day, 10, 24).is_err());
    assert!(Window::between(Unit::Day, 24, 10).is_err());
}

#[test]
fn bounds_that_no_parser_made_still_print() {
    let bound = Bound::Weekday { day: 9, time: None };
    assert_eq!(bound.display(Unit::Week).to_string(), "?");
    assert_eq!(
        Bound::YearDay {
            month: 0,
            day: None,
            time: None
        }
        .display(Unit::Year)
        .to_string(),
        "?"
    );
}

#[test]
fn ordinal_numbers() {
    let text = |day| {
        Bound::MonthDay {
            day: Day::Nth(day),
            time: None,
        }
        .display(Unit::Month)
        .to_string()
    };
    let expected = [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st",
    ];
    let days = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31];
    assert_eq!(days.map(text), expected);
}

#[test]
fn lengths_in_all_spellings() {
    let cases = [
        ("1 w", 7 * DAY),
        ("1 wk 1 week 2 weeks", 28 * DAY),
        ("1d 1day 1 days", 3 * DAY),
        ("1h1hr1hrs1hour1hours", 5 * HOUR),
        ("1 m 1 min 1 mins 1 minute 1 minutes", 300_000_000),
        ("1 s, 1 sec, 1 secs, 1 second, 1 seconds", 5_000_000),
        ("1 ms 1 millisecond 1 milliseconds", 3_000),
        ("1 us 1 microsecond 1 microseconds", 3),
        ("1 days 10:20:30", DAY + 10 * HOUR + 20 * 60_000_000 + 30_000_000),
        ("1 day: 2 hours ,", DAY + 2 * HOUR),
        ("2:00:00.5", 2 * HOUR + 500_000),
        ("1.5 h", HOUR + HOUR / 2),
        (".5 s", 500_000),
        ("1. s", 1_000_000),
        ("0.0000005 s", 1),
        ("0.0000004 s", 0),
        ("0.333333333333333333333333333333 s", 333_333),
        ("--10 min", 600_000_000),
        ("+5 min", 300_000_000),
        ("0 seconds", 0),
    ];
    for (text, micros) in cases {
        assert_eq!(text.parse(), Ok(Delta(micros)), "{text}");
    }
    for text in [
        "",
        "::",
        "ten minutes",
        "min 10",
        "10 MINUTES",
        "2 years",
        "1 Hour",
        "10 minutess",
        "10 µs",
        ". s",
        "::30",
    ] {
        assert!(text.parse::<Delta>().is_err(), "{text}");
    }
}

#[test]
fn lengths_print_in_few_words() {
    let cases = [
        (0, "0 seconds"),
        (1, "1 us"),
        (1_500, "1 ms 500 us"),
        (1_000_000, "1 second"),
        (5_400_000_000, "1 hour 30 minutes"),
        (7 * DAY, "1 week"),
        (8 * DAY, "8 days"),
        (14 * DAY, "2 weeks"),
        (DAY + 1, "1 day 1 us"),
    ];
    for (micros, text) in cases {
        assert_eq!(Delta::from_micros(micros).to_string(), text);
    }
}

#[test]
fn lengths_are_durations() {
    let delta = Delta::from(Duration::from_secs(90));
    assert_eq!((delta.as_micros(), delta.is_zero()), (90_000_000, false));
    assert_eq!(Duration::from(delta), Duration::from_secs(90));
    assert_eq!(Delta::from(Duration::MAX), Delta(u64::MAX));
}

#[test]
fn periods_combine() {
    let [day, week, month] = [
        "time of day after 10:00",
        "time of week on Mon",
        "any time of month",
    ]
    .map(|text| parse_period(text).unwrap());
    let all = day.clone() & week.clone() & month.clone();
    assert_eq!(
        all,
        PeriodExpr::All(vec![day.clone(), week.clone(), month.clone()])
    );
    let any = day.clone() | (week.clone() | month.clone());
    assert_eq!(any, PeriodExpr::Any(vec![day.clone(), week.clone(), month]));
    assert_eq!(any.to_string().parse(), Ok(any));
    assert_eq!(PeriodExpr::all([day.clone()]), day);
    assert_eq!(PeriodExpr::any([week.clone()]), week);
    assert_eq!(
        (PeriodExpr::all([]), PeriodExpr::any([])),
        (PeriodExpr::Always, PeriodExpr::Never)
    );
    let mixed = (day.clone() | week.clone()) & day;
    assert_eq!(
        mixed.to_string(),
        "(time of day after 10:00 | time of week on Monday) & time of day after 10:00"
    );
}

#[test]
fn conditions_combine() {
    let [daily, hourly, custom] =
        ["daily", "hourly", "is workday"].map(|text| parse_condition(text).unwrap());
    let tree = !(daily.clone() & hourly.clone() & custom.clone()) | daily.clone();
    assert_eq!(tree.to_string(), "~(daily & hourly & is workday) | daily");
    assert_eq!(!!tree.clone(), tree);
    assert_eq!(CondExpr::all([daily.clone()]), daily);
    let none: [CondExpr; 0] = [];
    assert_eq!(CondExpr::all(none.clone()), CondExpr::Constant(true));
    assert_eq!(CondExpr::any(none), CondExpr::Constant(false));

    let mut leaves = Vec::new();
    tree.for_each_leaf(&mut |leaf| leaves.push(leaf.to_string()));
    assert_eq!(leaves, ["daily", "hourly", "is workday", "daily"]);
}

#[test]
fn custom_conditions_are_replaced_wherever_they_are() {
    let text = "(is workday | every 1 hour | true) & ~is workday & time of day after 10:00 & after task 'x' \
        & has failed & is running & retry & scheduler is running & scheduler started 1 hour ago \
        & scheduler has cycles & env 'x' & param 'x' exists & param 'x' is 'y' & daily";
    let tree = parse_condition(text).unwrap();
    let same = tree
        .clone()
        .try_map_custom(&mut |phrase| Ok::<_, ()>(CondExpr::Custom(phrase)));
    assert_eq!(same, Ok(tree.clone()));

    let mapped = tree
        .clone()
        .try_map_custom(&mut |_| Ok::<CondExpr<u8>, ()>(!CondExpr::Custom(7)));
    let mapped = mapped.unwrap().to_string();
    assert!(
        mapped.starts_with("(~7 | every 1 hour | true) & 7 & time of day"),
        "{mapped}"
    );
    assert_eq!(
        tree.try_map_custom(&mut |phrase| Err::<CondExpr, _>(phrase)),
        Err("is workday".to_owned())
    );
}

#[test]
fn counts_admit() {
    assert!(Count::default().admits(1) && !Count::default().admits(0));
    let cases = [
        (Compare::Equal, [false, true, false]),
        (Compare::NotEqual, [true, false, true]),
        (Compare::Less, [true, false, false]),
        (Compare::AtMost, [true, true, false]),
        (Compare::More, [false, false, true]),
        (Compare::AtLeast, [false, true, true]),
    ];
    for (compare, expected) in cases {
        assert_eq!(
            [2, 3, 4].map(|number| Count(vec![(compare, 3)]).admits(number)),
            expected
        );
    }
    let range = Count(vec![(Compare::More, 1), (Compare::Less, 3)]);
    assert_eq!([1, 2, 3].map(|number| range.admits(number)), [false, true, false]);
}

#[test]
fn the_nearest_word_is_found() {
    let words = ["minutely", "hourly", "daily", "is"];
    let cases = [
        ("mintuely", Some("minutely")),
        ("Hourly", Some("hourly")),
        ("dayly", Some("daily")),
        ("si", None),
        ("weekly", None),
        ("", None),
    ];
    for (word, expected) in cases {
        assert_eq!(nearest(word, words), expected, "{word}");
    }
}
