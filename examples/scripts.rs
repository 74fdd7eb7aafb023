//! Tasks whose code is text: `cargo run --example scripts --features script`. It ends by itself.

use rocketry::conds::{after_success, failed, succeeded, terminated};
use rocketry::prelude::*;
use rocketry::{CodeLimits, Result};

/// The result of code is JSON, and is converted to the type of the parameter.
#[task(after_success("invoice"))]
fn send(#[arg(Return("invoice"))] total: String, customer: String) {
    println!("an invoice over {total} goes to {customer}");
}

/// Prints the outcome of code that fails.
#[hook(task_execute, after)]
fn tell(ended: Ended) {
    if let Some(message) = &ended.message {
        println!("{}: {} ({message})", ended.task, ended.action);
    }
}

fn app() -> Rocketry {
    // `customer` is not defined in the code, so it is a parameter.
    let order = Task::code(
        "order",
        "#{ customer: customer, items: [#{ price: 10, count: 3 }, #{ price: 5, count: 2 }] }",
    );
    let invoice = Task::script(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/invoice.rhai"))
        .function("main")
        .name("invoice")
        .argument("order", Return("order"));
    // Any code can be stopped: by its limits, by a timeout, or manually.
    let greedy =
        Task::code("greedy", "let all = [];\nloop { all.push(all.len()); }").code_limits(CodeLimits {
            items: 1_000,
            ..CodeLimits::default()
        });
    let endless = Task::code("endless", "loop {}").timeout("500 ms");
    Rocketry::new()
        .param("customer", "Ada")
        .param("currency", "EUR")
        .task(order.start("daily"))
        .task(invoice.start(after_success("order")))
        .task(greedy.start("daily"))
        .task(endless.start("daily"))
        .shut_down_when(succeeded("send") & failed("greedy") & terminated("endless"))
}

fn main() -> Result<()> {
    app().run()
}

#[test]
fn every_schedule_is_meant_as_it_is_written() -> Result<()> {
    assert_eq!(app().check()?, []);
    Ok(())
}
