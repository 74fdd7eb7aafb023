use rocketry::prelude::*;

struct App;

impl App {
    fn open() -> Self {
        App
    }
}

#[task(daily)]
fn nightly() {
    drop(inside());
}

/// Functions may stand in any block of code, also where `impl` is part of a type.
fn inside() -> impl Iterator<Item = App> {
    #[task(hourly & is_open)]
    async fn often(#[arg("greeting")] text: String) {
        drop(text);
    }

    #[param]
    fn greeting() -> String {
        String::from("Hello")
    }

    #[cond("is open")]
    fn is_open() -> bool {
        true
    }

    #[hook(startup)]
    fn begin() {}

    std::iter::once(App::open())
}
