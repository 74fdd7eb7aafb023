//! Months and years whose days differ, weeks, wraps; and the trees that are no periods.

use rocketry_core::time::{Period, Zone};
use rocketry_syntax::ast::{Bound, Day, PeriodExpr, Unit, Window};

use crate::support::{DAY, HOUR, LAST, clock, date, month, nth, occurrences, period, tree, ts, weekday};

/// The occurrences that start in a year, as dates, or with hours where one is not midnight.
fn shown(unit: Unit, window: Window, year: i32) -> Vec<String> {
    let at = |year: i32| ts(&format!("{year}-01-01T00:00:00Z"));
    let spans = occurrences(&period(unit, window), at(year), at(year + 1), Zone::UTC);
    let show = |at: rocketry_core::time::Timestamp| {
        let text = at.to_string();
        if text.ends_with("T00:00:00.000000Z") {
            text[5..10].to_owned()
        } else {
            text[5..16].replace('T', " ")
        }
    };
    spans
        .iter()
        .map(|span| format!("{}..{}", show(span.start), show(span.end)))
        .collect()
}

#[test]
fn months_have_their_own_length() {
    let full = shown(Unit::Month, Window::Full, 2023);
    assert_eq!(full[..3], ["01-01..02-01", "02-01..03-01", "03-01..04-01"]);
    let after = shown(Unit::Month, Window::After(nth(28)), 2024);
    assert_eq!(after[..3], ["01-28..02-01", "02-28..03-01", "03-28..04-01"]);
}

#[test]
fn a_month_without_the_day_does_not_occur() {
    let on = shown(Unit::Month, Window::On(nth(31)), 2023);
    assert_eq!(on[..3], ["01-31..02-01", "03-31..04-01", "05-31..06-01"]);
    assert_eq!(on.len(), 7);
    assert_eq!(shown(Unit::Month, Window::After(nth(30)), 2023).len(), 11);
    assert_eq!(
        shown(Unit::Month, Window::Between(nth(29), nth(31)), 2023).len(),
        11
    );
}

#[test]
fn an_end_on_a_day_that_the_month_lacks_is_the_end_of_the_month() {
    let before = shown(Unit::Month, Window::Before(nth(30)), 2023);
    assert_eq!(before[..3], ["01-01..01-31", "02-01..03-01", "03-01..03-31"]);
}

#[test]
fn the_last_day_is_the_28th_to_the_31st() {
    let last = shown(Unit::Month, Window::On(LAST), 2024);
    assert_eq!(
        last[..4],
        ["01-31..02-01", "02-29..03-01", "03-31..04-01", "04-30..05-01"]
    );
    assert_eq!(shown(Unit::Month, Window::Between(LAST, LAST), 2024), last);
    let until = shown(Unit::Month, Window::Between(nth(30), LAST), 2023);
    assert_eq!(until[..3], ["01-30..02-01", "03-30..04-01", "04-30..05-01"]);
}

#[test]
fn a_window_may_reach_into_the_next_month() {
    let wrap = shown(Unit::Month, Window::Between(nth(25), nth(5)), 2023);
    assert_eq!(wrap[..2], ["01-25..02-06", "02-25..03-06"]);
    let from_last = shown(Unit::Month, Window::Between(LAST, nth(30)), 2023);
    assert_eq!(
        from_last[..3],
        ["01-31..02-28", "02-28..03-31", "03-31..04-30"],
        "cut at the next one"
    );
    let missing = shown(Unit::Month, Window::Between(nth(31), nth(1)), 2023);
    assert_eq!(
        missing[..3],
        ["01-31..02-02", "03-31..04-02", "05-31..06-02"],
        "none from February"
    );
    let leap = shown(Unit::Month, Window::Between(nth(30), nth(2)), 2024);
    assert_eq!(leap[..2], ["01-30..02-03", "03-30..04-03"]);
}

#[test]
fn a_cycle_from_a_day_that_the_month_lacks_goes_on_until_the_next_such_day() {
    let starting = shown(Unit::Month, Window::Starting(nth(31)), 2023);
    assert_eq!(starting[..3], ["01-31..03-31", "03-31..05-31", "05-31..07-31"]);
    assert_eq!(starting.len(), 7);
    let thirtieth = shown(Unit::Month, Window::Starting(nth(30)), 2023);
    assert_eq!(thirtieth[..2], ["01-30..03-30", "03-30..04-30"]);
    let again = Bound::MonthDay {
        day: Day::Nth(5),
        time: Some(0),
    };
    assert_eq!(
        shown(Unit::Month, Window::Between(again.clone(), again.clone()), 2023)[0],
        "01-05..02-05"
    );
}

#[test]
fn a_day_of_24_hours_from_a_moment() {
    let at_noon = |day| Bound::MonthDay {
        day: Day::Nth(day),
        time: Some(12 * HOUR),
    };
    assert_eq!(
        shown(Unit::Month, Window::On(at_noon(30)), 2023)[2],
        "04-30 12:00..05-01 12:00"
    );
    let last = shown(Unit::Month, Window::On(at_noon(31)), 2023);
    assert_eq!(
        last[..2],
        ["01-31 12:00..02-01 12:00", "03-31 12:00..04-01 12:00"]
    );
    assert_eq!(last.len(), 7);
}

#[test]
fn years_know_their_leap_days() {
    assert_eq!(shown(Unit::Year, Window::On(month(2)), 2023), ["02-01..03-01"]);
    assert_eq!(shown(Unit::Year, Window::On(month(2)), 2024), ["02-01..03-01"]);
    assert_eq!(shown(Unit::Year, Window::On(date(2, 29)), 2024), ["02-29..03-01"]);
    assert_eq!(shown(Unit::Year, Window::On(date(2, 29)), 2023), [] as [&str; 0]);
    assert_eq!(
        shown(Unit::Year, Window::Between(month(1), date(2, 29)), 2023),
        ["01-01..03-01"]
    );
    let leap_day = period(Unit::Year, Window::On(date(2, 29)));
    let next = leap_day
        .span_after(ts("2096-03-01T00:00:00Z"), Zone::UTC)
        .unwrap();
    assert_eq!(next.start, ts("2104-02-29T00:00:00Z"));
    assert_eq!(
        leap_day
            .span_before(ts("2104-01-01T00:00:00Z"), Zone::UTC)
            .unwrap()
            .end,
        ts("2096-03-01T00:00:00Z")
    );
}

#[test]
fn windows_of_a_year() {
    assert_eq!(
        shown(Unit::Year, Window::Between(month(11), month(2)), 2023),
        ["11-01..03-01"]
    );
    assert_eq!(
        shown(Unit::Year, Window::Between(month(3), month(3)), 2023),
        ["03-01..04-01"]
    );
    assert_eq!(
        shown(Unit::Year, Window::Between(date(12, 20), date(1, 5)), 2023),
        ["12-20..01-06"]
    );
    assert_eq!(
        shown(Unit::Year, Window::After(month(12)), 2023),
        ["12-01..01-01"]
    );
    assert_eq!(
        shown(Unit::Year, Window::Starting(month(4)), 2023),
        ["04-01..04-01"]
    );
    assert_eq!(shown(Unit::Year, Window::Full, 2023), ["01-01..01-01"]);
    let last_day = Bound::YearDay {
        month: 2,
        day: Some(Day::Last),
        time: Some(10 * HOUR),
    };
    assert_eq!(
        shown(Unit::Year, Window::On(last_day), 2023),
        ["02-28 10:00..03-01 10:00"]
    );
}

#[test]
fn windows_of_a_week() {
    let first = |window| shown(Unit::Week, window, 2024)[0].clone();
    assert_eq!(first(Window::Full), "01-01..01-08");
    assert_eq!(first(Window::Between(weekday(4), weekday(0))), "01-05..01-09");
    assert_eq!(first(Window::Between(weekday(0), weekday(4))), "01-01..01-06");
    assert_eq!(first(Window::Between(weekday(2), weekday(2))), "01-03..01-04");
    assert_eq!(first(Window::Before(weekday(1))), "01-01..01-03");
    assert_eq!(first(Window::Starting(weekday(3))), "01-04..01-11");
    let monday_noon = Bound::Weekday {
        day: 0,
        time: Some(12 * HOUR),
    };
    assert_eq!(first(Window::On(monday_noon.clone())), "01-01 12:00..01-02 12:00");
    assert_eq!(
        first(Window::Between(weekday(0), monday_noon.clone())),
        "01-01..01-01 12:00"
    );
}

#[test]
fn equal_bounds_and_the_start_of_the_unit_are_the_full_cycle() {
    let midnight = Bound::Clock(0);
    for window in [
        Window::Before(midnight.clone()),
        Window::After(midnight.clone()),
        Window::Between(midnight.clone(), Bound::Clock(DAY)),
    ] {
        assert_eq!(period(Unit::Day, window), period(Unit::Day, Window::Full));
    }
    let ten = clock("10:00");
    assert_eq!(
        period(Unit::Day, Window::Between(ten.clone(), ten.clone())),
        period(Unit::Day, Window::Starting(ten.clone()))
    );
    let first = Bound::MonthDay {
        day: Day::Nth(1),
        time: Some(0),
    };
    assert_eq!(
        period(Unit::Month, Window::Before(first)),
        period(Unit::Month, Window::Full)
    );
}

#[test]
fn a_bound_has_to_fit_its_unit() {
    let weekday = |day, time| Bound::Weekday { day, time };
    let month_day = |day| Bound::MonthDay {
        day: Day::Nth(day),
        time: None,
    };
    let year_day = |month, day, time| Bound::YearDay { month, day, time };
    let misfits = [
        (Unit::Hour, Bound::Clock(HOUR + 1)),
        (Unit::Hour, Bound::Clock(u64::MAX)),
        (Unit::Week, Bound::Clock(0)),
        (Unit::Day, weekday(0, None)),
        (Unit::Week, weekday(7, None)),
        (Unit::Week, weekday(6, Some(DAY + 1))),
        (Unit::Week, month_day(1)),
        (Unit::Month, month_day(0)),
        (Unit::Month, month_day(32)),
        (Unit::Month, Bound::Clock(0)),
        (Unit::Month, year_day(1, None, None)),
        (Unit::Year, month_day(1)),
        (Unit::Year, year_day(0, None, None)),
        (Unit::Year, year_day(13, None, None)),
        (Unit::Year, year_day(2, Some(Day::Nth(30)), None)),
        (Unit::Year, year_day(2, None, Some(0))),
    ];
    for (unit, bound) in misfits {
        let fits = match unit {
            Unit::Month => nth(1),
            Unit::Year => month(1),
            Unit::Week => Bound::Weekday { day: 0, time: None },
            _ => Bound::Clock(0),
        };
        let windows = [
            Window::On(bound.clone()),
            Window::After(bound.clone()),
            Window::Before(bound.clone()),
            Window::Starting(bound.clone()),
            Window::Between(bound.clone(), fits.clone()),
            Window::Between(fits.clone(), bound.clone()),
        ];
        for window in windows {
            let error = Period::compile(&tree(unit, window.clone())).expect_err(&format!("{window:?}"));
            assert!(
                error
                    .to_string()
                    .ends_with(&format!("is not a place in {unit:?}")),
                "{error}"
            );
        }
    }
}

#[test]
fn a_mistake_deep_in_a_tree_is_found() {
    let none = tree(Unit::Month, Window::After(nth(32)));
    let error = Period::compile(&PeriodExpr::All(vec![PeriodExpr::Always, none.clone()])).unwrap_err();
    assert!(error.to_string().ends_with("is not a place in Month"), "{error}");
    assert_eq!(Period::compile(&PeriodExpr::Any(vec![none])).unwrap_err(), error);
}
