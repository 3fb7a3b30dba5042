//! The program that modelcrate puts into images.

fn main() {}
