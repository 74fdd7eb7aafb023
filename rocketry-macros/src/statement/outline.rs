//! The parts of a statement that are known at compile time: its literals and the windows of its words.

use quote::ToTokens;
use rocketry_syntax::ast::{Basis, CondExpr, Once, PeriodExpr, Unit, Window};
use rocketry_syntax::parse_condition;
use syn::{BinOp, Expr, UnOp};

use super::{chain, literal, text_of};

/// The tree of a statement, in which unknown parts are custom conditions.
pub(super) fn of(expr: &Expr) -> CondExpr {
    match expr {
        Expr::Paren(inner) => of(&inner.expr),
        Expr::Group(inner) => of(&inner.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => !of(&unary.expr),
        Expr::Binary(pair) if matches!(pair.op, BinOp::BitAnd(_)) => of(&pair.left) & of(&pair.right),
        Expr::Binary(pair) if matches!(pair.op, BinOp::BitOr(_)) => of(&pair.left) | of(&pair.right),
        Expr::MethodCall(call) if call.method == "label" => of(&call.receiver),
        _ => text(expr)
            .or_else(|| constant(expr))
            .or_else(|| window(expr))
            .or_else(|| call(expr))
            .unwrap_or_else(|| CondExpr::Custom(expr.to_token_stream().to_string())),
    }
}

fn text(expr: &Expr) -> Option<CondExpr> {
    parse_condition(&text_of(expr)?.value()).ok()
}

/// `always`, `never`.
fn constant(expr: &Expr) -> Option<CondExpr> {
    let Expr::Path(path) = expr else { return None };
    match chain::word(&path.path)? {
        "always" => Some(CondExpr::Constant(true)),
        "never" => Some(CondExpr::Constant(false)),
        _ => None,
    }
}

/// Translates `cron("0 9 * * Mon").grace("1 hour")` or `from("2026-11-28")` to the equivalent statement.
fn call(expr: &Expr) -> Option<CondExpr> {
    parse_condition(&words_of(expr)?).ok()
}

fn words_of(expr: &Expr) -> Option<String> {
    let (receiver, name, args) = match expr {
        Expr::MethodCall(call) => {
            let method = call.method.to_string();
            let word = matches!(method.as_str(), "grace").then_some(method)?;
            (format!("{} ", words_of(&call.receiver)?), word, &call.args)
        }
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else {
                return None;
            };
            let name = path.path.segments.last()?.ident.to_string();
            let word = match &*name {
                "cron" | "crontime" | "from" | "until" | "every" => name,
                "on_days" => "on".to_owned(),
                "cron_with_seconds" | "crontime_with_seconds" => name.replace('_', " "),
                "once_at" => "once at".to_owned(),
                _ => return None,
            };
            (String::new(), word, &call.args)
        }
        _ => return None,
    };
    let text = text_of(args.first().filter(|_| args.len() == 1)?)?.value();
    Some(format!("{receiver}{name} {text}"))
}

/// `daily.after("07:00")`, `time_of_week.on("Monday")`.
fn window(expr: &Expr) -> Option<CondExpr> {
    match expr {
        Expr::Path(path) => {
            let (word, unit) = chain::cyclic(&path.path)?;
            Some(condition(word, unit, Window::Full))
        }
        Expr::MethodCall(call) => match (&*call.receiver, call.method.to_string().as_str()) {
            (receiver, "retries") => {
                let retries = call.args.first().map_or(1, literal::count);
                window(receiver).map(|expr| once(expr, |once| once.retries = retries))
            }
            (receiver, "of") => {
                let task = call.args.to_token_stream().to_string();
                window(receiver).map(|expr| once(expr, |once| once.task = Some(task)))
            }
            (Expr::Path(path), method) => {
                let (word, unit) = chain::cyclic(&path.path)?;
                Some(condition(word, unit, literal::window(method, unit, &call.args)?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Changes a cycle.
fn once(expr: CondExpr, change: impl FnOnce(&mut Once)) -> CondExpr {
    match expr {
        CondExpr::Once(mut once) => {
            change(&mut once);
            CondExpr::Once(once)
        }
        other => other,
    }
}

/// A cycle such as `daily`, or else the time of a unit.
fn condition(word: &str, unit: Unit, window: Window) -> CondExpr {
    let period = PeriodExpr::anchored(unit, window);
    if word != unit.cycle() {
        return CondExpr::TimeOf(period);
    }
    CondExpr::Once(Once {
        task: None,
        period,
        basis: Basis::Finish,
        retries: 0,
    })
}

#[cfg(test)]
mod tests {
    use syn::{Expr, parse_quote};

    use super::of;

    fn is_refused(expr: &Expr) -> bool {
        of(expr).contradiction().is_some()
    }

    #[test]
    fn cron_and_dates_are_compared_with_other_periods() {
        let never: [Expr; 6] = [
            parse_quote!(cron("0 18 * * Mon-Fri") & time_of_day.between("09:00", "17:00")),
            parse_quote!(daily.after("10:00") & conds::crontime("0 5 * * *").grace("1 hour")),
            parse_quote!(cron_with_seconds("0 0 9 1 Aug *") & "yearly on December"),
            parse_quote!(hourly & from("2026-12-01") & until("2026-11-01")),
            parse_quote!(once_at("2026-07-04 12:00") & until("2026-07-01")),
            parse_quote!(yearly.on("December") & (from("2026-03-01") & until("2026-06-30"))),
        ];
        for expr in &never {
            assert!(is_refused(expr), "{}", quote::quote!(#expr));
        }
        let sometimes: [Expr; 4] = [
            parse_quote!(cron("0 18 * * Mon-Fri") & time_of_day.between("09:00", "19:00")),
            parse_quote!(cron("0 18 * * Mon-Fri") | weekly.on("Sunday")),
            parse_quote!(from(start()) & until("2026-11-01")),
            parse_quote!(own::cron_like("0 5 * * *") & daily.after("10:00")),
        ];
        for expr in &sometimes {
            assert!(!is_refused(expr), "{}", quote::quote!(#expr));
        }
    }
}
