use rocketry::prelude::*;

#[test]
fn a_closure_takes_its_parameters_from_the_session() {
    let app = Rocketry::builder()
        .param("count", 5_u32)
        .func(
            "count",
            "daily",
            rocketry::func!(|count: u32| println!("{count}")),
        )
        .func("number", "daily", || 5);
    drop(app);
}
