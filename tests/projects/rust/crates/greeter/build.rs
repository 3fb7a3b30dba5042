fn main() {
    cfg_if::cfg_if! {
        if #[cfg(unix)] {
            println!("cargo:rustc-env=BUILT_ON=unix");
        }
    }
}
