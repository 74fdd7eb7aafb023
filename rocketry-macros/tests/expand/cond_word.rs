/// From Monday to Friday.
#[cond("is workday")]
pub fn is_workday(now: Now) -> bool {
    now.weekday().number_from_monday() < 6
}
