use rocketry::conds::*;

#[test]
fn a_variable_has_another_name_than_a_word() {
    let never_again = 3;
    assert_eq!(never.to_string(), "false");
    assert_eq!(never_again, 3);
}
