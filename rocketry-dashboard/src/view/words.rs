//! Statements in plain words. Only cron expressions need a translation.

use maud::{Markup, html};
use rocketry_syntax::{CondExpr, PeriodExpr, parse_condition};

/// The meanings of the cron expressions in a statement, in order.
pub(crate) fn words(statement: &str) -> Markup {
    let mut found = Vec::new();
    if let Ok(condition) = parse_condition(statement) {
        condition.for_each_leaf(&mut |leaf| match leaf {
            CondExpr::Once(once) => collect(&once.period, &mut found),
            CondExpr::TimeOf(period) => collect(period, &mut found),
            _ => {}
        });
    }
    html! { @for words in &found { div.quiet { (words) } } }
}

fn collect(period: &PeriodExpr, found: &mut Vec<String>) {
    match period {
        PeriodExpr::Cron(cron) => found.push(cron.words()),
        PeriodExpr::Zoned(zoned) => collect(&zoned.period, found),
        PeriodExpr::All(members) | PeriodExpr::Any(members) => {
            for member in members {
                collect(member, found);
            }
        }
        _ => {}
    }
}
