use rocketry::conds::*;

fn main() {
    let never = 3;
    let daily = 4;
    println!("{}", never + daily);
}
