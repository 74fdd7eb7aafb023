pub async fn fetch(report: Report) -> anyhow::Result<Summary> {}
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
        }
    }
};
::core::compile_error! {
    "`#[arg(…)]` says where the value comes from, such as `#[arg(\"key\")]` or `#[arg(Return(task))]`"
}
::core::compile_error! {
    "`#[task]` has no option `priorty`; did you mean `priority`?"
}
::core::compile_error! {
    "expected `after`, `before`, `between`, `on`, `at`, `starting`, `with`, `&`, `|` or the end, found `aftr`\n\n  daily aftr 10:00\n        ^^^^ did you mean `after`?"
}
