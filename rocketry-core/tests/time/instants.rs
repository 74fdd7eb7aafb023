//! Instants and zones.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rocketry_core::time::{Span, Timestamp, Zone};
use rocketry_syntax::ast::Delta;

use crate::support::{places, ts, zone};

#[test]
fn arithmetic_stops_at_the_ends() {
    let at = Timestamp::from_micros(10);
    assert_eq!(at.saturating_add(Delta(5)), Timestamp::from_micros(15));
    assert_eq!(at.saturating_sub(Delta(15)), Timestamp::from_micros(-5));
    assert_eq!(Timestamp::MAX.saturating_add(Delta(1)), Timestamp::MAX);
    assert_eq!(Timestamp::MIN.saturating_sub(Delta(u64::MAX)), Timestamp::MIN);
    assert_eq!(Timestamp::MIN.saturating_add(Delta(u64::MAX)), Timestamp::MAX);
}

#[test]
fn since_is_never_negative() {
    let (earlier, later) = (ts("2024-01-01T00:00:00Z"), ts("2024-01-01T00:00:01.5Z"));
    assert_eq!(later.since(earlier), Duration::from_millis(1_500));
    assert_eq!(earlier.since(later), Duration::ZERO);
    assert_eq!(
        Timestamp::MAX.since(Timestamp::MIN),
        Duration::from_micros(u64::MAX)
    );
}

#[test]
fn text_is_rfc_3339() {
    assert_eq!(
        ts("2024-02-29T12:00:00+02:00").to_string(),
        "2024-02-29T10:00:00.000000Z"
    );
    assert_eq!(
        ts("2024-02-29T12:00:00.25").to_string(),
        "2024-02-29T12:00:00.250000Z"
    );
    assert_eq!(ts("1969-12-31T23:59:59.999999Z").as_micros(), -1);
    let error = "yesterday".parse::<Timestamp>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "'yesterday' is not an instant such as '2024-02-29T12:00:00Z'"
    );
    assert!(!Timestamp::MAX.to_string().is_empty() && !Timestamp::MIN.to_string().is_empty());
}

#[test]
fn an_instant_can_be_read_in_whatever_has_one() {
    assert_eq!(
        format!("{:?}", Some(ts("2024-02-29T12:00:00Z"))),
        "Some(2024-02-29T12:00:00.000000Z)"
    );
}

#[test]
fn other_clocks_convert() {
    let helsinki = zone("Europe/Helsinki");
    let at = ts("2024-07-01T09:00:00Z");
    assert_eq!(Timestamp::from(at.in_zone(&helsinki)), at);
    assert_eq!(at.in_zone(&helsinki).to_rfc3339(), "2024-07-01T12:00:00+03:00");
    assert_eq!(
        at.to_utc(),
        "2024-07-01T09:00:00Z".parse::<DateTime<Utc>>().unwrap()
    );
    assert_eq!(
        Timestamp::from(SystemTime::UNIX_EPOCH + Duration::from_micros(7)).as_micros(),
        7
    );
    assert_eq!(
        Timestamp::from(SystemTime::UNIX_EPOCH - Duration::from_micros(7)).as_micros(),
        -7
    );
    assert_eq!(Timestamp::MAX.to_utc(), DateTime::<Utc>::MAX_UTC);
    assert_eq!(Timestamp::MIN.to_utc(), DateTime::<Utc>::MIN_UTC);
}

#[test]
fn every_clock_shows_the_first_and_the_last_instant() {
    let places = [
        "UTC",
        "Asia/Kolkata",
        "America/New_York",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
    ];
    for zone in places.map(zone) {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            let shown = at.in_zone(&zone);
            assert_eq!(zone.local(at), shown.naive_local());
            assert_eq!(shown.date_naive(), shown.naive_local().date());
        }
        assert!(zone.local(Timestamp::MIN) < zone.local(Timestamp::MAX));
    }
}

#[test]
fn zones_have_names() {
    assert_eq!(zone("Europe/Helsinki").to_string(), "Europe/Helsinki");
    assert_eq!(zone("UTC"), Zone::UTC);
    let name = Zone::system().to_string();
    assert_eq!(zone(&name), Zone::system());
}

#[test]
fn an_unknown_zone_names_the_nearest() {
    let nearest = |name: &str| name.parse::<Zone>().unwrap_err().nearest();
    assert_eq!(nearest("Europe/Helsinky"), Some("Europe/Helsinki"));
    assert_eq!(nearest("europe/helsinki"), Some("Europe/Helsinki"));
    assert_eq!(nearest("Helsinki"), Some("Europe/Helsinki"));
    assert_eq!(nearest("Middle-earth/Rivendell"), None);
    let error = "Middle-earth/Rivendell".parse::<Zone>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no time zone 'Middle-earth/Rivendell'"
    );
    let error = "Asia/Kolkatta".parse::<Zone>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no time zone 'Asia/Kolkatta': did you mean 'Asia/Kolkata'?"
    );
}

#[test]
fn readings_in_gaps_and_repeats() {
    let helsinki = zone("Europe/Helsinki");
    let local = |text: &str| text.parse().expect("a reading");
    let gap = local("2024-03-31T03:30:00");
    assert_eq!(helsinki.first(gap), ts("2024-03-31T01:00:00Z"));
    assert_eq!(helsinki.last(gap), ts("2024-03-31T01:00:00Z"));
    let repeat = local("2024-10-27T03:30:00");
    assert_eq!(helsinki.first(repeat), ts("2024-10-27T00:30:00Z"));
    assert_eq!(helsinki.last(repeat), ts("2024-10-27T01:30:00Z"));
    assert_eq!(Zone::UTC.first(gap), ts("2024-03-31T03:30:00Z"));
}

#[test]
fn spans_are_half_open() {
    let span = |start, end| Span::new(Timestamp::from_micros(start), Timestamp::from_micros(end));
    assert!(
        span(1, 3).contains(Timestamp::from_micros(2)) && !span(1, 3).contains(Timestamp::from_micros(3))
    );
    assert!(span(3, 3).is_empty() && !span(3, 4).is_empty());
    assert_eq!(span(1, 5).intersection(&span(3, 9)), Some(span(3, 5)));
    assert_eq!(span(1, 3).intersection(&span(3, 9)), None);
}

proptest! {
    #[test]
    fn text_and_instant_are_one(micros in -(1_i64 << 55)..1_i64 << 55) {
        let at = Timestamp::from_micros(micros);
        prop_assume!(at.to_utc().format("%Y").to_string().len() == 4);
        prop_assert_eq!(at.to_string().parse(), Ok(at));
    }

    /// The first and the last instant of a reading have it; before the first, none had it on that day.
    #[test]
    fn readings_resolve((zone, at) in places()) {
        let reading = zone.local(at);
        let (first, last) = (zone.first(reading), zone.last(reading));
        prop_assert!(first <= at && at <= last);
        prop_assert!(at == first || at == last);
        prop_assert_eq!(zone.local(first), reading);
        prop_assert_eq!(zone.local(last), reading);
    }
}
