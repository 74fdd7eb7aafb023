//! The phases of a run: due, waiting, running, ended.

use maud::{Markup, html};
use rocketry_api::Run;
use rocketry_core::{Timestamp, Zone};

use super::instant::short;
use super::length::micros;
use super::status::Look;

const WIDTH: u64 = 1000;

/// The minimum width of a part, so that it stays visible.
const LEAST: u64 = 6;

/// Draws the time from the due instant of a run to its end, or until now.
pub(crate) fn passage(run: &Run, now: Timestamp, zone: Zone) -> Markup {
    let (waited, ran) = (run.lateness_micros, run.runtime_micros);
    let whole = u128::from(waited) + u128::from(ran);
    let part = |length: u64| {
        let width = (u128::from(length) * u128::from(WIDTH))
            .checked_div(whole)
            .unwrap_or(0);
        u64::try_from(width).unwrap_or(WIDTH)
    };
    let started = part(waited)
        .min(WIDTH - LEAST)
        .max(if waited > 0 { LEAST } else { 0 });
    let last = run.end.map_or("now", |_| run.status.name());
    let told = format!(
        "due {}, started {} later, {} after {}",
        short(run.due, now, zone),
        micros(waited),
        last,
        micros(ran)
    );
    html! {
        figure.passage {
            svg viewBox=(format!("0 0 {} 58", WIDTH + 4)) role="img" aria-label=(told) {
                @if waited > 0 { rect.waiting x="2" y="18" width=(started) height="20" { title { "waited " (micros(waited)) } } }
                rect class=(Look::from(run.status).class) x=(started + 2) y="18" width=(WIDTH - started) height="20" rx="2" {
                    title { "ran " (micros(ran)) }
                }
                text.tick x="2" y="12" { "due " (short(run.due, now, zone)) }
                @if started > 220 && started < 780 { text.tick x=(started + 2) y="12" { "started" } }
                text.tick x=(WIDTH + 2) y="12" text-anchor="end" { @if let Some(end) = run.end { "ended " (short(end, now, zone)) } @else { "now" } }
                @if started > 90 { text.tick x="2" y="54" { "waited " (micros(waited)) } }
                text.tick x=(WIDTH + 2) y="54" text-anchor="end" { "ran " (micros(ran)) }
            }
        }
    }
}
