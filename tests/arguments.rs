//! Arguments and extractors as another crate may define them, and the words for the existing ones.

use std::fmt;
use std::sync::Arc;

use rocketry::param::{Argument, Context, Dependency, Extract, FirstOf};
use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Action, Error, Result, Value, Zone};

/// A foreign argument: a key of a table that is a session parameter, or its replacement.
struct Lookup {
    key: &'static str,
    otherwise: Arc<dyn Argument>,
}

type Table = Vec<(&'static str, u32)>;

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lookup({:?})", self.key)
    }
}

impl Argument for Lookup {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        let table = context
            .param("table")
            .ok_or_else(|| Error::not_found("there is no table"))??;
        let table: Arc<Table> = table
            .share()
            .ok_or_else(|| Error::parameter("the table is none"))?;
        match table.iter().find(|(key, _)| *key == self.key) {
            Some((_, value)) => Ok(Value::new(*value)),
            None => context.value_of(&*self.otherwise),
        }
    }

    fn depends(&self) -> Vec<Dependency> {
        let table = Dependency::Param {
            key: "table".into(),
            required: true,
        };
        [table].into_iter().chain(self.otherwise.depends()).collect()
    }
}

fn lookup(key: &'static str) -> Lookup {
    Lookup {
        key,
        otherwise: Arc::new(Arg("fallback")),
    }
}

/// A foreign extractor: the task that runs, and since when it has been due.
struct Ticket(String);

impl Extract for Ticket {
    fn extract(context: &Context<'_>) -> Result<Self> {
        let run = context
            .run()
            .ok_or_else(|| Error::parameter("there is no ticket outside a run"))?;
        let tasks = context.session()?.tasks().len() > 3;
        let given = run.batch().iter().count();
        Ok(Ticket(format!(
            "{} {tasks} {given} {} {}",
            run.task,
            context.zone(),
            context.now().format("%H:%M")
        )))
    }
}

#[task(daily, parameters = { three = lookup("three") })]
fn of_the_task(three: u32) -> u32 {
    three
}

#[task(daily)]
fn of_the_function(#[arg(lookup("nothing"))] nothing: u32) -> u32 {
    nothing
}

#[task(daily)]
fn in_a_row(#[arg(EnvArg("NO_SUCH_VARIABLE") >> lookup("two"))] two: u32) -> u32 {
    two
}

#[task(daily)]
fn first_of_a_row(#[arg(FirstOf::new(lookup("one")) >> Arg("fallback"))] one: u32) -> u32 {
    one
}

#[task(daily)]
fn with_a_ticket(ticket: Ticket) -> String {
    ticket.0
}

#[task]
async fn waits(#[arg(SimpleArg("x"))] text: String) -> String {
    text
}

mod others {
    use super::*;

    #[task(daily, parameters = { named = Task("waits"), host = Arg("host", default = "localhost"), plain = "Arg" })]
    pub(super) fn sees_others(
        this: Task,
        named: Task,
        #[arg(Task(waits))] typed: Task,
        host: String,
        plain: String,
        #[arg(Return(waits, default = "nothing".to_owned()))] result: String,
        #[arg(Arg("number", default = 8))] number: i32,
    ) -> String {
        assert_eq!(named, typed);
        format!(
            "{} {} {host} {plain} {result} {number}",
            this.name(),
            typed.name()
        )
    }

    #[task(daily)]
    pub(super) fn reads_logs(
        log: SessionLog,
        logger: TaskLogger,
        scheduler: SchedulerLogger,
    ) -> Result<(usize, usize)> {
        logger.info("I run");
        scheduler.warn("a task writes");
        assert!(scheduler.failures().is_empty());
        let all = log.query(&Query::new().action(Action::Run))?.len();
        let own = logger.query(Query::new())?;
        assert!(own.iter().all(|record| record.task.ends_with("reads_logs")));
        Ok((all, own.len()))
    }

    #[task(daily)]
    pub(super) fn made(
        #[arg(FuncArg(|now: Now, session: Session| now.year() + i32::from(session.param("table").is_ok())))]
        year: i32,
    ) -> i32 {
        year
    }
}

#[test]
fn arguments_and_extractors_of_ones_own_are_like_any_other() {
    let table: Table = vec![("one", 1), ("two", 2), ("three", 3)];
    let app = Rocketry::new()
        .config(Config {
            zone: Zone::UTC,
            ..Config::default()
        })
        .param("table", table)
        .param("fallback", 99_u32);
    let app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(app.records(&Query::new().action(Action::Fail)), []);
    let result = |task: &str| app.session().task(task).unwrap().result().unwrap();
    let number = |task: &str| result(task).get::<u32>().unwrap();
    assert_eq!(number("of_the_task"), 3);
    assert_eq!(number("of_the_function"), 99);
    assert_eq!(number("in_a_row"), 2);
    assert_eq!(number("first_of_a_row"), 1);
    let text = |task: &str| result(task).get::<String>().unwrap();
    assert_eq!(text("with_a_ticket"), "with_a_ticket true 0 UTC 00:00");
    assert_eq!(
        text("sees_others"),
        "others::sees_others waits localhost Arg nothing 8"
    );
    let (all, own) = result("reads_logs").get::<(usize, usize)>().unwrap();
    assert!(all >= 1 && own == 1, "{all} {own}");
    assert_eq!(result("made").get::<i32>(), Some(2027));
}

#[test]
fn what_they_lack_is_found_before_anything_runs() {
    let error = Rocketry::new().param("fallback", 99_u32).build().unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("parameter `three` of task `of_the_task`: there is no session parameter `table`"),
        "{said}"
    );
    let app = Rocketry::builder().task(
        rocketry::Task::func("x", || {})
            .argument("other", Task("nobody"))
            .start("daily"),
    );
    let said = app.build().unwrap_err().to_string();
    assert!(
        said.contains("parameter `other` of task `x`: there is no task `nobody`"),
        "{said}"
    );
}
