/// Loads the figures of the day.
///
/// They arrive at seven.
#[allow(clippy::needless_pass_by_value, clippy::unused_async)]
pub async fn fetch(
    report: Report,
    hello: String,
    session: Session,
) -> anyhow::Result<Summary> {
    Ok(report.summary(&hello, &session).await?)
}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
#[derive(Clone, Copy)]
pub struct fetch {}
const _: () = {
    use ::rocketry::__private as __r;
    impl __r::TaskType for fetch {
        type Output = <anyhow::Result<Summary> as __r::ResultType>::Ok;
        const NAME: &'static str = __r::task_name(concat!(module_path!(), "::fetch"));
        fn task() -> __r::TaskBuilder {
            __r::TaskBuilder::new(Self::NAME, __r::location!())
                .handler(
                    __r::asynchronous(
                        (
                            __r::param!(
                                report : Report = { #[allow(unused_imports)] use
                                __r::source:: *; __r::source::return_of:: < (load) > () }
                            ),
                            __r::param!(
                                hello : String = { #[allow(unused_imports)] use
                                __r::source:: *; Arg("greeting") }
                            ),
                            __r::param!(session : Session),
                        ),
                        |(report, hello, session)| async move {
                            __r::outcome!(fetch(report, hello, session). await)
                        },
                    ),
                )
                .start({
                    #[allow(unused_imports)]
                    use ::rocketry::conds::*;
                    daily.after("07:00") & __r::condition(is_workday)
                })
                .timeout("10 minutes")
                .description("Loads the figures of the day.\n\nThey arrive at seven.")
        }
    }
    __r::inventory::submit! {
        __r::Registration::task:: < fetch > (__r::location!())
    }
    __r::inventory::submit! {
        __r::NamedFunction::new(|| __r::type_id(& fetch), < fetch as __r::TaskType >
        ::NAME)
    }
    const _: () = __r::fits::<<load as __r::TaskType>::Output, Report>();
};
