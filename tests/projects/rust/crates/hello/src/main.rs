fn main() -> anyhow::Result<()> {
    let times = std::env::args().nth(1).unwrap_or_else(|| "1".into());
    println!("{} v{}", greeter::greeting(times.parse()?), env!("CARGO_PKG_VERSION"));
    Ok(())
}
