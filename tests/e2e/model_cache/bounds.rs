//! What a run takes: memory, disk, a terminal.

use std::io::Read;

use modelcrate_tests::hub::Fault;

use super::bed::{Bed, MODEL, SMALL, WHOLE};

/// The bound that `--help` and the README state, on 300 MB.
#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn memory_stays_below_256_mib_with_and_without_a_disk() {
    let mut bed = Bed::new();
    bed.publish(1, 150_000_000);
    for folder in ["", "way"] {
        let place = bed.folder.path().join(folder);
        std::fs::create_dir_all(&place).expect("a folder");
        bed.set(
            "DOWNLOAD_DIR",
            if folder.is_empty() {
                String::new()
            } else {
                place.display().to_string()
            },
        );
        bed.set("S3_PREFIX", format!("models{folder}/"));
        let mut running = bed.start(&[]);
        let mut peak = 0;
        while running.runs() {
            peak = peak.max(peak_of(running.id()).unwrap_or(0));
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        running.end().done();
        println!("peak with `{folder}`: {peak} KiB");
        assert!((1..256 << 10).contains(&peak), "{peak} KiB");
    }
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn nothing_is_written_to_a_disk_where_no_folder_is_named() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    // The kernel ends a process that writes a byte into a file (setrlimit(2), RLIMIT_FSIZE).
    let without_files = r#"ulimit -f 0; exec "$0""#;
    bed.start_in_shell(without_files).end().done();
    assert_eq!(bed.objects(), WHOLE);

    bed.set("DOWNLOAD_DIR", bed.folder.path().display().to_string());
    bed.set("S3_PREFIX", "by-way-of-a-disk/");
    let ran = bed.start_in_shell(without_files).end();
    assert_ne!(ran.code, 0, "the limit holds: {}", ran.words);
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_terminal_gets_bars_and_all_else_gets_lines() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    bed.hub
        .fail(MODEL, "a.safetensors", Fault::Slow { rate: 9_000_000 });
    let lines = |words: &str| !words.contains('\x1b') && words.contains(" of 18.0 MB (100 %), ");
    let words = bed.load().done();
    assert!(lines(&words), "{words}");

    // script(1) gives it a terminal.
    let on_a_terminal = r#"exec script --quiet --return --command "$0" /dev/null </dev/null"#;
    bed.set("TERM", "xterm");
    bed.set("S3_PREFIX", "on-a-terminal/");
    let words = bed.start_in_shell(on_a_terminal).end().done();
    assert!(
        words.contains('\x1b') && words.contains("stored ") && words.contains('░'),
        "{words}"
    );
    bed.set("S3_PREFIX", "on-a-terminal-with-lines/");
    bed.set("DISABLE_PROGRESS", "true");
    let words = bed.start_in_shell(on_a_terminal).end().done();
    assert!(lines(&words), "{words}");
}

/// The most memory that a process had so far, in KiB (proc_pid_status(5)).
fn peak_of(id: u32) -> Option<u64> {
    let mut status = String::new();
    std::fs::File::open(format!("/proc/{id}/status"))
        .ok()?
        .read_to_string(&mut status)
        .ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
