//! Laws of the language: every tree survives its text, and no text breaks the parser.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rocketry_syntax::ast::{
    Action, After, Age, Basis, Bound, Compare, CondExpr, Count, Cron, Day, Delta, Every, Once, Outcome,
    PeriodExpr, Quantifier, Retry, Running, Since, Status, Unit, Window,
};
use rocketry_syntax::{parse_condition, parse_period};

const DAY: u64 = 86_400_000_000;
const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn delta() -> impl Strategy<Value = Delta> {
    prop_oneof![
        (1..=u64::MAX).prop_map(Delta),
        (1..=1_000_u64).prop_map(Delta),
        (
            1..=100_u64,
            select(vec![1_000_000, 60_000_000, 3_600_000_000, DAY, 7 * DAY])
        )
            .prop_map(|(number, unit)| Delta(number * unit)),
    ]
}

fn time() -> impl Strategy<Value = Option<u64>> {
    option::of(prop_oneof![
        0..DAY,
        (0..24_u64).prop_map(|hour| hour * 3_600_000_000)
    ])
}

fn month_day(days: u8) -> impl Strategy<Value = Day> {
    prop_oneof![9 => (1..=days).prop_map(Day::Nth), 1 => Just(Day::Last)]
}

fn year_day() -> impl Strategy<Value = Bound> {
    (1..=12_u8).prop_flat_map(|month| {
        let days = MONTH_DAYS[usize::from(month) - 1];
        (option::of(month_day(days)), time()).prop_map(move |(day, time)| Bound::YearDay {
            month,
            day,
            time: time.filter(|_| day.is_some()),
        })
    })
}

fn bound(unit: Unit, is_end: bool) -> BoxedStrategy<Bound> {
    match (unit, unit.micros()) {
        (Unit::Week, _) => (0..7_u8, time())
            .prop_map(|(day, time)| Bound::Weekday { day, time })
            .boxed(),
        (_, Some(length)) => {
            let fine = 0..length + u64::from(is_end);
            prop_oneof![fine, (0..length / 1_000).prop_map(|milli| milli * 1_000)]
                .prop_map(Bound::Clock)
                .boxed()
        }
        (Unit::Month, _) => (month_day(31), time())
            .prop_map(|(day, time)| Bound::MonthDay { day, time })
            .boxed(),
        _ => year_day().boxed(),
    }
}

fn window(unit: Unit) -> impl Strategy<Value = Window> {
    prop_oneof![
        Just(Window::Full),
        (bound(unit, false), bound(unit, true)).prop_map(|(start, end)| Window::Between(start, end)),
        bound(unit, false).prop_map(Window::After),
        bound(unit, true).prop_map(Window::Before),
        bound(unit, false).prop_map(Window::On),
        bound(unit, false).prop_map(Window::Starting),
    ]
}

fn anchored() -> impl Strategy<Value = PeriodExpr> {
    let unit = select(Unit::ALL.to_vec());
    unit.prop_flat_map(|unit| window(unit).prop_map(move |window| PeriodExpr::anchored(unit, window)))
}

fn cron() -> impl Strategy<Value = Cron> {
    let expressions = [
        "* * * * *",
        "*/5 8-18 * * Mon-Fri",
        "0 0 L * *",
        "15,45 22-2 1/5 Jan Sun#2",
        "0 0 1 1 7L",
        "0 12 1 * +Monday",
        "0 0 L-3,L-1W * Mon-Fri#1",
    ];
    (select(expressions.to_vec()), any::<bool>(), option::of(delta())).prop_map(
        |(expression, seconds, grace)| {
            let fields = if seconds {
                format!("*/10 {expression}")
            } else {
                expression.to_owned()
            };
            let cron = Cron::parse(&fields, seconds).expect("a valid expression");
            match grace {
                Some(grace) => cron.with_grace(grace),
                None => cron,
            }
        },
    )
}

fn period() -> impl Strategy<Value = PeriodExpr> {
    let leaf = prop_oneof![
        Just(PeriodExpr::Always),
        Just(PeriodExpr::Never),
        anchored(),
        delta().prop_map(PeriodExpr::Past),
        cron().prop_map(PeriodExpr::Cron),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(PeriodExpr::all),
            vec(inner, 1..4).prop_map(PeriodExpr::any),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    "[a-z0-9ä'&|~(), ._-]{1,10}".prop_filter("not blank", |name| !name.trim().is_empty())
}

fn age() -> impl Strategy<Value = Age> {
    (option::of(delta()), option::of(delta())).prop_map(|(more_than, less_than)| Age { more_than, less_than })
}

fn count() -> impl Strategy<Value = Count> {
    use Compare::{AtLeast, AtMost, Equal, Less, More, NotEqual};
    let compare = select(vec![AtLeast, AtMost, Equal, Less, More, NotEqual]);
    vec((compare, prop_oneof![0..5_u64, any::<u64>()]), 0..3).prop_map(Count)
}

fn once() -> impl Strategy<Value = Once> {
    let basis = prop_oneof![
        (0..4_u32).prop_map(|retries| (Basis::Finish, retries)),
        Just((Basis::Start, 0)),
    ];
    (option::of(name()), period(), basis).prop_map(|(task, period, (basis, retries))| Once {
        task,
        period,
        basis,
        retries,
    })
}

fn after() -> impl Strategy<Value = After> {
    let outcome = select(vec![
        Outcome::Success,
        Outcome::Fail,
        Outcome::Finish,
        Outcome::Terminate,
    ]);
    let tasks = prop_oneof![
        vec(name(), 1..2).prop_map(|tasks| (Quantifier::One, tasks)),
        vec(name(), 1..4).prop_map(|tasks| (Quantifier::All, tasks)),
        vec(name(), 1..4).prop_map(|tasks| (Quantifier::Any, tasks)),
    ];
    (outcome, tasks).prop_map(|(outcome, (quantifier, tasks))| After {
        outcome,
        quantifier,
        tasks,
    })
}

fn status() -> impl Strategy<Value = Status> {
    use Action::{Crashed, Failed, Finished, Inacted, Started, Succeeded, Terminated};
    let action = select(vec![
        Crashed, Failed, Finished, Inacted, Started, Succeeded, Terminated,
    ]);
    (option::of(name()), action, option::of(period()), count()).prop_map(|(task, action, within, count)| {
        Status {
            task,
            action,
            within,
            count,
        }
    })
}

fn leaf() -> impl Strategy<Value = CondExpr> {
    let since = select(vec![Since::Start, Since::Success, Since::Fail, Since::Finish]);
    let phrase = select(vec![
        "is workday",
        "file 'a & (b).csv' exists",
        "the moon is full",
        "in season",
    ]);
    prop_oneof![
        any::<bool>().prop_map(CondExpr::Constant),
        (delta(), since).prop_map(|(interval, since)| CondExpr::Every(Every { interval, since })),
        once().prop_map(CondExpr::Once),
        period().prop_map(CondExpr::TimeOf),
        after().prop_map(CondExpr::After),
        status().prop_map(CondExpr::Status),
        (option::of(name()), age(), count()).prop_map(|(task, age, count)| CondExpr::Running(Running {
            task,
            age,
            count
        })),
        (option::of(any::<u32>()), option::of(delta()))
            .prop_map(|(limit, backoff)| CondExpr::Retry(Retry { limit, backoff })),
        age().prop_map(CondExpr::SchedulerRunning),
        delta().prop_map(CondExpr::SchedulerStarted),
        count().prop_map(CondExpr::SchedulerCycles),
        name().prop_map(CondExpr::Env),
        name().prop_map(CondExpr::ParamExists),
        (name(), ".{0,8}").prop_map(|(name, value)| CondExpr::ParamIs { name, value }),
        phrase.prop_map(|phrase| CondExpr::Custom(phrase.to_owned())),
    ]
}

fn condition() -> impl Strategy<Value = CondExpr> {
    leaf().prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(CondExpr::all),
            vec(inner.clone(), 1..4).prop_map(CondExpr::any),
            inner.prop_map(|inner| !inner),
        ]
    })
}

/// Words of the language in any order: what gets deepest into the parser.
fn soup() -> impl Strategy<Value = String> {
    let words = "every 10 seconds minutes based on success daily hourly weekly monthly yearly after before \
        between and 10:00 10 am Monday 3rd Feb last day at starting with retries task tasks any 'x' 'x , has \
        failed today this hour past in ( ) ( & | ~ is running for more than at least 3 times cron * */5 grace \
        time of day once per one start scheduler run over under cycles ago env param exists retry backoff ä";
    let words: Vec<&str> = words.split_whitespace().collect();
    vec(select(words), 0..12).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn a_condition_survives_its_text(tree in condition()) {
        let text = tree.to_string();
        prop_assert_eq!(parse_condition(&text), Ok(tree), "{}", text);
    }

    #[test]
    fn a_period_survives_its_text(tree in period()) {
        let text = tree.to_string();
        prop_assert_eq!(parse_period(&text), Ok(tree), "{}", text);
    }

    #[test]
    fn a_length_survives_its_text(delta in delta()) {
        prop_assert_eq!(delta.to_string().parse::<Delta>(), Ok(delta));
    }

    #[test]
    fn a_mistake_is_within_the_text(text in prop_oneof![soup(), "\\PC{0,40}", "[a-z0-9:'&|~() \n\tä]{0,30}"]) {
        for result in [parse_condition(&text).map(drop), parse_period(&text).map(drop)] {
            if let Err(error) = result {
                prop_assert!(text.get(error.range.clone()).is_some(), "{} in {:?}", error, text);
                prop_assert!(error.caret(&text).contains('^'));
            }
        }
    }

    #[test]
    fn what_is_accepted_has_one_canonical_text(text in soup()) {
        if let Ok(tree) = parse_condition(&text) {
            let canonical = tree.to_string();
            prop_assert_eq!(parse_condition(&canonical), Ok(tree), "{} from {}", canonical, text);
        }
    }
}
