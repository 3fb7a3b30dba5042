//! Graphs made by chance, the same for the same seed.

mod commands;
mod files;
mod sources;

use buildkit_llb::{Meta, Output, Platform, diff, merge};

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound as u64) as usize
    }

    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }

    fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// Sometimes empty, sometimes not ASCII, sometimes with a line break.
    fn text(&mut self) -> String {
        self.pick(&["", "a", "näme", "x=y", "two\nlines", "\"quoted\"", "z"])
            .to_owned()
    }

    fn id(&mut self) -> String {
        format!("id-{}", self.below(9))
    }

    fn path(&mut self) -> String {
        format!("/{}", self.pick(&["", "a", "a/b/", "a/../c", "d/.", "*.whl"]))
    }

    fn u32(&mut self) -> u32 {
        self.pick(&[0, 1, 1000, u32::MAX])
    }

    fn bits(&mut self) -> u32 {
        self.below(0o1000) as u32
    }
}

/// The outputs of a graph with this many vertices or more.
pub fn graph(random: &mut Random, vertices: usize) -> Vec<Output> {
    let mut pool = vec![sources::source(random)];
    for _ in 0..vertices {
        let made = vertex(random, &pool);
        pool.extend(made);
    }
    pool
}

fn vertex(random: &mut Random, pool: &[Output]) -> Vec<Output> {
    let meta = meta(random);
    match random.below(5) {
        0 => vec![sources::source(random)],
        1 => commands::exec(random, pool),
        2 => vec![files::file(random, pool).output(meta)],
        3 => {
            let layers = random.some(4, |random| random.maybe(|random| random.pick(pool)));
            merge(layers, meta).into_iter().collect()
        }
        _ => {
            let [lower, upper] = [0, 1].map(|_| random.maybe(|random| random.pick(pool)));
            diff(lower, upper, meta).into_iter().collect()
        }
    }
}

fn meta(random: &mut Random) -> Meta {
    Meta {
        name: random.maybe(Random::text),
        ignore_cache: random.flag(),
        export_cache: random.maybe(Random::flag),
        platform: random.maybe(platform),
        ..Meta::default()
    }
}

fn platform(random: &mut Random) -> Platform {
    let specifier = random.pick(&["linux/amd64", "linux/arm64/v8", "windows(10.0+win32k+x)/amd64"]);
    Platform::parse(specifier).unwrap()
}
