//! What cron expressions stand for.

use rocketry_syntax::{Cron, CronSets, DaysOfMonth, DaysOfWeek, Delta, parse_condition};

/// The set of some values.
fn set(values: impl IntoIterator<Item = u8>) -> u64 {
    values.into_iter().fold(0, |set, value| set | 1 << value)
}

fn sets(text: &str) -> CronSets {
    let seconds = text.split(' ').count() > 5;
    **Cron::parse(text, seconds).expect(text).sets()
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
        ("0 0 ? * ?", "0 0 * * *"),
        ("0 0 1 january,Aug MONDAY-friday", "0 0 1 1,8 1-5"),
        ("0 0 * * FRI#L,Sat-Sun#1", "0 0 * * 5L,6#1,0#1"),
        ("0 0 * * Mon-WedL", "0 0 * * 1#L,2#L,3#L"),
        ("0 0 l-3,L-1w * *", "0 0 L-3,L-1W * *"),
        ("0 0 1 * +?", "0 0 1 * +*"),
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
    assert_eq!(sets("55-5/5 * * * * *").seconds, set([55, 0, 5]));
}

#[test]
fn a_cron_knows_special_days() {
    let special = sets("0 0 L,15w,20W,L-3 * 5l,Mon,Sun#2,7#5");
    assert_eq!(
        special.days_of_month,
        Some(DaysOfMonth {
            nearest_weekday: set([15, 20]),
            before_last: set([0, 3]),
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
    let weekdays = sets("0 0 lw,L-2W * *").days_of_month.unwrap();
    assert_eq!(
        (weekdays.before_last, weekdays.weekday_before_last),
        (0, set([0, 2]))
    );
    assert!(sets("0 0 1 * +Mon").both_days && !sets("0 0 1 * Mon").both_days);
}

/// The days that match in May 2026, which begins on a Friday.
fn in_may(day_of_month: &str, day_of_week: &str) -> Vec<u8> {
    let days = sets(&format!("0 0 {day_of_month} * {day_of_week}")).days(5, 31);
    (1..=31).filter(|day| days >> day & 1 == 1).collect()
}

#[test]
fn the_days_of_a_month() {
    for (day_of_month, day_of_week, expected) in [
        ("L", "*", vec![31]),
        ("L-1,L-30", "*", vec![1, 30]),
        ("LW", "*", vec![29]),
        ("L-1W", "*", vec![29]),
        ("L-7W,L-8W", "*", vec![22, 25]),
        ("2W,3W", "*", vec![1, 4]),
        ("*", "FriL", vec![29]),
        ("*", "Thu-Sat#1", vec![1, 2, 7]),
        ("*", "Fri#5,Thu#5", vec![29]),
        ("1,13", "Fri#2", vec![1, 8, 13]),
        ("1,13", "+Wed", vec![13]),
        ("8-14", "+Mon-Fri#2", vec![8, 11, 12, 13, 14]),
        ("31", "+*", vec![31]),
        ("?", "+Sun#5", vec![31]),
    ] {
        assert_eq!(
            in_may(day_of_month, day_of_week),
            expected,
            "{day_of_month} {day_of_week}"
        );
    }
}

/// The trees of two texts differ only in how their fields are written.
#[test]
fn a_year_of_every_year_is_left_out() {
    let cron = Cron::parse("0 0 12 * * ? *", true).unwrap();
    assert_eq!(cron.fields(), "0 0 12 * * ?");
    assert_eq!(Ok(cron), Cron::parse("0 0 12 * * ?", true));
    let printed = parse_condition("cron with seconds 0  0 12 * * ? * grace 1h")
        .unwrap()
        .to_string();
    assert_eq!(printed, "cron with seconds 0 0 12 * * ? grace 1 hour");
    assert!(
        Cron::parse("0 12 * * ? *", false).is_err(),
        "five fields have no year"
    );
    assert!(Cron::parse("0 0 12 * * ? ?", true).is_err());
}

#[test]
fn a_cron_knows_whether_its_times_of_day_are_fixed() {
    for text in [
        "0 7 * * *",
        "5,5 7-7 */2 * 1-5",
        "0 2,14 * * *",
        "0 22-1/5 * * *",
        "4 2-23/24 * * *",
        "0-58 7 * * *",
        "59/2 7/3 * * *",
        "30 0 7 * * *",
        "11,22 29 1-4 * * *",
    ] {
        assert!(sets(text).fixed_time, "{text}");
    }
    for text in [
        "0 * * * *",
        "* 7 * * *",
        "0 */24 * * *",
        "0 8,*/6 * * *",
        "0 0-23 * * *",
        "0 12-11 * * *",
        "0-59/1 7 * * *",
        "0/1 7 * * *",
        "*/30 0 7 * * *",
        "0-29,30-59 0 7 * * *",
        "0 0 */2 * * *",
    ] {
        assert!(!sets(text).fixed_time, "{text}");
    }
}

#[test]
fn a_grace_is_kept_beside_the_fields() {
    let cron = Cron::parse("0 7 * * *", false).unwrap();
    assert_eq!((cron.grace(), cron.has_seconds()), (None, false));
    let patient = cron.clone().with_grace(Delta(1));
    assert_eq!(patient.grace(), Some(Delta(1)));
    assert_eq!(patient.sets(), cron.sets());
}

#[test]
fn impossible_dates_are_rejected() {
    for text in [
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 0 31W Feb-Jun/2 *",
        "0 0 30-31 2 *",
        "0 0 30 2 +Mon",
        "0 0 L-29 2 *",
        "0 0 L-30 4,6 *",
        "0 0 1-7 * +Mon#2",
        "0 0 31 2 +*",
        "0 0 0 31 2 ? *",
    ] {
        let seconds = text.split(' ').count() > 5;
        let mistake = Cron::parse(text, seconds).expect_err(text);
        assert_eq!(mistake.expected, "a date that exists", "{text}");
    }
    for text in [
        "0 0 29 2 *",
        "0 0 29 2 +Mon#5",
        "0 0 L-28 2 *",
        "0 0 L-28W 2 *",
        "0 0 * 2 Mon#5",
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
