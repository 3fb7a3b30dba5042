//! Words of the test program.

/// A greeting.
pub fn greeting(times: u32) -> String {
    let mut buffer = itoa::Buffer::new();
    format!("hello {} on {}", buffer.format(times), env!("BUILT_ON"))
}
