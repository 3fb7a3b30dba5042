fn main() {
    println!("{}", greeter::greeting(9).to_uppercase());
}
