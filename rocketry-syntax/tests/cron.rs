//! What cron expressions stand for.

use rocketry_syntax::{Cron, CronSets, DaysOfMonth, DaysOfWeek, Delta};

/// The set of some values.
fn set(values: impl IntoIterator<Item = u8>) -> u64 {
    values.into_iter().fold(0, |set, value| set | 1 << value)
}

fn sets(text: &str) -> CronSets {
    Cron::parse(text, false).and_then(|cron| cron.sets()).unwrap()
}

#[test]
fn cron_fields_are_sets_of_values() {
    let usual = sets("*/5 8-18 1 Jan-Mar *");
    assert_eq!(usual.seconds, set([0]));
    assert_eq!(usual.minutes, set((0..60).step_by(5)));
    assert_eq!(usual.hours, set(8..=18));
    assert_eq!(usual.months, set(1..=3));
    assert_eq!(
        usual.days_of_month,
        Some(DaysOfMonth {
            days: set([1]),
            ..DaysOfMonth::default()
        })
    );
    assert_eq!(usual.days_of_week, None);
    for (text, spelled_out) in [
        (
            "50-10/5 22-2 28-3 Nov-Feb Fri-Mon",
            "0,5,10,50,55 0,1,2,22,23 1,2,3,28,29,30,31 1,2,11,12 0,1,5,6",
        ),
        (
            "5/15 2/6 1/5 1/6 1/2",
            "5,20,35,50 2,8,14,20 1,6,11,16,21,26,31 1,7 1,3,5",
        ),
        ("0-1 0-1 * * 7/2", "0,1 0,1 * * 0,2,4,6"),
        ("*,5 * *,15 * Mon,*", "* * * * *"),
        ("00 00 01 01 Sun-Sat", "0 0 1 1 0-6"),
        ("0 0 * * 7,5-7", "0 0 * * Fri,Sat,Sun"),
        ("0 0 * * 7#2,7L", "0 0 * * Sun#2,sunl"),
    ] {
        assert_eq!(
            CronSets {
                fixed_time: false,
                ..sets(text)
            },
            CronSets {
                fixed_time: false,
                ..sets(spelled_out)
            },
            "{text}"
        );
    }
    let seconds = Cron::parse("55-5/5 * * * * *", true).unwrap();
    assert_eq!(seconds.sets().unwrap().seconds, set([55, 0, 5]));
}

#[test]
fn a_cron_knows_special_days() {
    let special = sets("0 0 L,15w,20W * 5l,Mon,Sun#2,7#5");
    assert_eq!(
        special.days_of_month,
        Some(DaysOfMonth {
            nearest_weekday: set([15, 20]),
            last: true,
            ..DaysOfMonth::default()
        })
    );
    assert_eq!(
        special.days_of_week,
        Some(DaysOfWeek {
            days: set([1]),
            of_week: [0, set([0]), 0, 0, set([0])],
            last: set([5]),
        })
    );
    let last_weekday = sets("0 0 lw * *").days_of_month.unwrap();
    assert!(last_weekday.last_weekday && !last_weekday.last);
}

#[test]
fn a_cron_knows_whether_it_is_one_time_of_day() {
    for text in ["0 7 * * *", "5,5 7-7 */2 * 1-5", "59-59/1 0 * * *"] {
        assert!(sets(text).fixed_time, "{text}");
    }
    for text in [
        "0 * * * *",
        "0 7,8 * * *",
        "0 */24 * * *",
        "0 22-1/5 * * *",
        "59/2 7 * * *",
    ] {
        assert!(!sets(text).fixed_time, "{text}");
    }
    let seconds = |text| {
        Cron::parse(text, true)
            .and_then(|cron| cron.sets())
            .unwrap()
            .fixed_time
    };
    assert!(seconds("30 0 7 * * *") && !seconds("*/30 0 7 * * *"));
}

#[test]
fn what_no_parser_made_may_be_no_expression() {
    let by_hand = Cron {
        fields: "made by hand".to_owned(),
        seconds: false,
        grace: None,
    };
    assert!(by_hand.sets().is_err());
    let never = Cron {
        fields: "0 0 31 2 *".to_owned(),
        ..by_hand
    };
    assert!(never.sets().unwrap().is_never());
    let grace = Some(Delta(1));
    assert_eq!(never.clone().with_grace(Delta(1)), Cron { grace, ..never });
}

#[test]
fn impossible_dates_are_rejected() {
    for text in [
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 0 31W Feb-Jun/2 *",
        "0 0 30-31 2 *",
    ] {
        assert!(Cron::parse(text, false).is_err(), "{text}");
    }
    for text in [
        "0 0 29 2 *",
        "0 0 30 2 Mon",
        "0 0 30,L 2 *",
        "0 0 31 4,5 *",
        "0 0 * 2 *",
        "0 0 28-3 2 *",
    ] {
        assert!(Cron::parse(text, false).is_ok(), "{text}");
    }
}

#[test]
fn cron_fields_by_name() {
    assert_eq!(
        Cron::from_fields("0", " 7 ", "*", "*", "Mon"),
        Cron::parse("0 7 * * Mon", false)
    );
    assert!(Cron::from_fields("0 7", "*", "*", "*", "*").is_err());
    assert!(Cron::from_fields("", "*", "*", "*", "*").is_err());
}
