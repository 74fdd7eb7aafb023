//! What can be said as text can be said in Rust, and is the same.

use rocketry_core::Condition;
use rocketry_core::conds::{
    Fri, Mon, Wed, after_any_finish, after_success, at_most_runs, business_day, daily, every, failed, from,
    monthly, on_calendar, on_days, once_at, quarterly, this_task, time_of_quarter, time_of_week, until,
    weekly, yearly,
};

#[track_caller]
fn same(text: &str, words: impl Into<Condition>) {
    let words = words.into();
    assert_eq!(
        Condition::parse(text).expect(text),
        words,
        "{text} is not {words}"
    );
}

#[test]
fn lists_of_times_and_days() {
    same("daily at 06:00, 18:00", daily.at(["06:00", "18:00"]));
    same("daily at 06:00, 18:00", daily.at([6, 18]));
    same(
        "weekly on Mon, Wed, Fri 07:00",
        weekly.on([Mon, Wed, Fri]).at("07:00"),
    );
    same(
        "weekly on Mon, Wed 07:00, 19:00",
        weekly.on(["Mon", "Wed"]).at(["07:00", "19:00"]),
    );
    same("weekly on weekdays 07:00", weekly.on("weekdays 07:00"));
    same(
        "weekly on Mon 07:00, Fri 12:00",
        weekly.on(vec!["Mon 07:00", "Fri 12:00"]),
    );
    same("daily at 09:30 on weekdays", daily.at("09:30").on("weekdays"));
    same("time of week on weekends", time_of_week.on("weekends"));
    same(
        "has failed today at 10:00, 12:00",
        failed(this_task).today().at(["10:00", "12:00"]),
    );
}

#[test]
fn dates_and_numbers_of_runs() {
    same("once at 2026-07-04 12:00", once_at("2026-07-04 12:00"));
    same(
        "daily & from 2026-11-28 & until 2026-12-01 09:00",
        daily & from("2026-11-28") & until("2026-12-01 09:00"),
    );
    same("daily & at most 10 runs", daily & at_most_runs(10));
    same(
        "on weekdays, 2026-12-24 & ~on 'holidays'",
        on_days("weekdays, 2026-12-24") & !on_calendar("holidays"),
    );
    same("on business days of 'nyse'", business_day("nyse"));
}

#[test]
fn rules_of_days() {
    same("monthly on first Monday 09:00", monthly.on("first Monday 09:00"));
    same(
        "monthly on last business day of 'nyse'",
        monthly.on("last business day of 'nyse'"),
    );
    same("quarterly after last Friday", quarterly.after("last Friday"));
    same("time of quarter on 1st", time_of_quarter.on(1));
    same(
        "yearly on fourth Thursday of November",
        yearly.on("fourth Thursday of November"),
    );
}

#[test]
fn intervals_from_a_place() {
    same(
        "every 2 weeks on Friday 17:00 from 2026-01-02",
        every("2 weeks").on("Friday 17:00").from("2026-01-02"),
    );
    same(
        "every 2 weeks on Monday, Friday 17:00 from 2026-01-02 until 2026-06-01",
        every("2 weeks")
            .on([Mon, Fri])
            .at("17:00")
            .from("2026-01-02")
            .until("2026-06-01"),
    );
    same("every 3 months on 1st 09:00", every("3 months").on("1st 09:00"));
    same("every 3 days at 10:00 on weekdays from 2026-01-01", {
        every("3 days").at("10:00").on("weekdays").from("2026-01-01")
    });
    same("every 15 minutes from 00:05", every("15 minutes").from("00:05"));
    same(
        "every 90 minutes from 09:00 until 17:00 on weekdays with 2 retries",
        every("90 minutes")
            .from("09:00")
            .until("17:00")
            .on("weekdays")
            .retries(2),
    );
    same("every 1 month", every("1 month"));
    same("every 12 months", every("1 year"));
    same("every 1 day at 10:00", daily.at("10:00"));
    same(
        "every 48 hours from 2026-01-02",
        every("2 days").from("2026-01-02"),
    );
}

#[test]
fn zones() {
    same(
        "daily at 09:30 in America/New_York",
        daily.at("09:30").in_zone("America/New_York"),
    );
    same(
        "(daily at 09:30 & on weekdays) in America/New_York",
        (daily.at("09:30") & on_days("weekdays")).in_zone("America/New_York"),
    );
    same(
        "daily in Asia/Tokyo with 2 retries",
        daily.in_zone("Asia/Tokyo").retries(2),
    );
}

#[test]
fn later_after_a_task() {
    same(
        "30 minutes after task 'x' succeeded",
        after_success("x").delay("30 minutes"),
    );
    same(
        "1 hour after any tasks 'x', 'y' finished",
        after_any_finish(["x", "y"]).delay("1 hour"),
    );
}

#[test]
fn mistakes_say_what_would_do() {
    let says = |words: Condition, what: &str| {
        let text = words.to_string();
        assert!(text.contains(what), "{text}");
    };
    says(
        daily.at("09:30").on("Mittwoch").into(),
        "on: expected days such as `Monday`",
    );
    says(
        daily.at("09:30").in_zone("America/New_Jork").into(),
        "did you mean 'America/New_York'?",
    );
    says(
        weekly.on("Friday 17:00").at("18:00").into(),
        "expected days without a time before it",
    );
    says(
        every("2 weeks").on("Friday").into(),
        "expected `from` and a date, which tells the weeks that count",
    );
    says(
        every("90 minutes").on("weekdays").into(),
        "expected days, weeks, months, quarters or years",
    );
    says(
        every("3 days").from("09:00").into(),
        "expected a date after `from`",
    );
    says(
        from("28.11.2026").into(),
        "from: expected a date such as `2026-07-04`",
    );
    says(
        until("2026-02-29").into(),
        "until: expected a date such as `2026-07-04`",
    );
    says(
        on_calendar(" ").into(),
        "on_calendar: expected the name of a calendar",
    );
}
