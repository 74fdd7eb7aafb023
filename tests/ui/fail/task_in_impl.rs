use rocketry::prelude::*;

struct App;

impl App {
    #[task(daily)]
    fn nightly() {}

    #[rocketry::task(hourly & is_open)]
    async fn often(#[arg("greeting")] text: String) {
        drop(text);
    }
}

trait Work {
    #[task]
    fn work() {}
}

trait Sort {
    fn sort();
}

impl Sort for App {
    #[task]
    fn sort() {}
}

fn main() {
    impl App {
        #[param]
        fn greeting() -> String {
            String::from("Hello")
        }

        #[cond("is open")]
        pub fn is_open() -> bool {
            true
        }

        #[setup]
        fn open() {}

        #[hook(startup)]
        fn begin() {}
    }
}
