//! What modelcrate needs of a `pyproject.toml`.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::Demand;

/// The facts of a `pyproject.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Project {
    /// `project.name`.
    pub name: Option<String>,
    /// `project.requires-python`.
    pub requires_python: Option<String>,
    /// Whether the project itself is installed: it has a build system, or `tool.uv.package` says so.
    pub is_package: bool,
    /// `build-system.requires`.
    pub build_requires: Vec<String>,
    /// `build-system.build-backend`.
    pub build_backend: Option<String>,
    /// `[[tool.uv.index]]`.
    pub indexes: Vec<ProjectIndex>,
    /// Normalised names in `project.optional-dependencies`.
    pub extras: BTreeSet<String>,
    /// Normalised names in `dependency-groups`.
    pub groups: BTreeSet<String>,
    /// What dependencies, extras and groups ask for.
    pub demands: BTreeSet<Demand>,
    /// Whether the build decides some dependencies (`project.dynamic`), so that `demands` are not all.
    pub is_dynamic: bool,
    /// Whether a build may read the `uv.lock` that lies beside.
    pub reads_lock: bool,
}

/// A package index that the project names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectIndex {
    /// Its name; credentials are given by it.
    pub name: Option<String>,
    /// Where it is.
    pub url: String,
    /// It takes the place of the public index.
    pub default: bool,
}

/// Build back ends that take the files that they are told and run no code of the project unless their tables say so.
const PACKING: [&str; 3] = ["flit-core", "hatchling", "uv-build"];

/// Build backends that only pack files: they need no compiler and give the same wheel on any platform.
/// `setuptools` may compile; it is taken as pure until `python.apt` asks for what a compiler needs.
const COMPILING: [&str; 9] = [
    "scikit-build",
    "scikit-build-core",
    "meson-python",
    "maturin",
    "setuptools-rust",
    "cython",
    "pybind11",
    "nanobind",
    "cffi",
];

impl Project {
    /// Reads the text of a `pyproject.toml`.
    ///
    /// # Errors
    /// The parser's words when it is not TOML.
    pub fn parse(text: &str) -> Result<Self, String> {
        let root: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let project = table(&root, &["project"]);
        let uv = table(&root, &["tool", "uv"]);
        let build = root.get("build-system").and_then(Value::as_table);
        let extras = project.and_then(|project| project.get("optional-dependencies"));
        let groups = root.get("dependency-groups");
        let mut demands = strings(project, "dependencies");
        demands.extend(lists(extras).chain(lists(groups)));
        demands.extend(strings(uv, "dev-dependencies"));
        Ok(Self {
            name: string(project, "name"),
            requires_python: string(project, "requires-python"),
            is_package: uv
                .and_then(|uv| uv.get("package")?.as_bool())
                .unwrap_or(build.is_some()),
            build_requires: strings(build, "requires"),
            build_backend: string(build, "build-backend"),
            indexes: indexes(uv),
            extras: keys(extras),
            groups: keys(groups),
            demands: demands.iter().map(|text| Demand::parse(text)).collect(),
            is_dynamic: strings(project, "dynamic")
                .iter()
                .any(|name| name.ends_with("dependencies")),
            reads_lock: reads_lock(&root, build),
        })
    }

    /// Whether building the project runs a compiler.
    pub fn compiles(&self) -> bool {
        COMPILING.iter().any(|name| self.build_needs(name))
    }

    /// Whether `name` is among what building the project requires.
    pub fn build_needs(&self, name: &str) -> bool {
        self.build_requires
            .iter()
            .any(|text| requirement_name(text) == name)
    }
}

/// A back end that only packs takes the lock where a pattern of its tables fits it, or where it runs code of the project.
/// Of every other one, and of plugins, nothing is known.
fn reads_lock(root: &Table, build: Option<&Table>) -> bool {
    let requires = strings(build, "requires");
    let only_packs = |text: &String| PACKING.contains(&requirement_name(text).as_str());
    let is_in_tree = build.is_some_and(|build| build.contains_key("backend-path"));
    if requires.is_empty() || is_in_tree || !requires.iter().all(only_packs) {
        return true;
    }
    let project = table(root, &["project"]).into_iter().flatten();
    let of_project =
        project.filter(|(key, _)| matches!(key.as_str(), "readme" | "license" | "license-files"));
    let tables = [
        &["tool", "flit"][..],
        &["tool", "hatch"],
        &["tool", "uv", "build-backend"],
    ];
    let of_tools = tables.iter().filter_map(|path| table(root, path)).flatten();
    of_project
        .chain(of_tools)
        .any(|(key, value)| may_take_lock(key, value))
}

/// Whether an entry has a pattern that fits the lock, or names code of the project (hatch: hooks, `version.source`).
fn may_take_lock(key: &str, value: &Value) -> bool {
    if key.ends_with("exclude") {
        return false;
    }
    if key == "custom" || fits_lock(key) {
        return true;
    }
    match value {
        Value::String(text) => fits_lock(text) || (key == "source" && text == "code"),
        Value::Array(list) => list.iter().any(|value| may_take_lock("-", value)),
        Value::Table(table) => table.iter().any(|(key, value)| may_take_lock(key, value)),
        _ => false,
    }
}

/// Whether a path or pattern fits `uv.lock` beside the manifest; more patterns than really do.
fn fits_lock(pattern: &str) -> bool {
    const LOCK: &str = "uv.lock";
    const WILD: [char; 5] = ['*', '?', '[', ']', '!'];
    let mut pattern = pattern.trim_start_matches("./").trim_start_matches('/');
    while let Some(rest) = pattern.strip_prefix("**/") {
        pattern = rest;
    }
    let start = pattern.split(WILD).next().unwrap_or_default();
    let end = pattern.rsplit(WILD).next().unwrap_or_default();
    match pattern {
        "" | "." => true,
        _ if start == pattern => pattern.eq_ignore_ascii_case(LOCK),
        _ => !pattern.contains('/') && LOCK.starts_with(start) && LOCK.ends_with(end),
    }
}

/// The normalised name at the start of a requirement (PEP 503): `Foo_Bar[x] >= 1` is `foo-bar`.
pub fn requirement_name(requirement: &str) -> String {
    let end = requirement
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(requirement.len());
    normalised(&requirement[..end])
}

/// PEP 503: lower case, runs of `-`, `_` and `.` are one `-`.
pub fn normalised(name: &str) -> String {
    let words: Vec<&str> = name
        .split(['-', '_', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-").to_lowercase()
}

fn indexes(uv: Option<&Table>) -> Vec<ProjectIndex> {
    let index = |value: &Value| {
        let index = value.as_table()?;
        Some(ProjectIndex {
            name: string(Some(index), "name"),
            url: string(Some(index), "url")?,
            default: index.get("default").and_then(Value::as_bool).unwrap_or_default(),
        })
    };
    uv.and_then(|uv| uv.get("index")?.as_array())
        .map(|list| list.iter().filter_map(index).collect())
        .unwrap_or_default()
}

fn table<'a>(root: &'a Table, path: &[&str]) -> Option<&'a Table> {
    path.iter()
        .try_fold(root, |table, key| table.get(*key)?.as_table())
}

fn string(table: Option<&Table>, key: &str) -> Option<String> {
    Some(table?.get(key)?.as_str()?.to_owned())
}

fn strings(table: Option<&Table>, key: &str) -> Vec<String> {
    let list = table.and_then(|table| table.get(key)?.as_array());
    list.map(|list| {
        list.iter()
            .filter_map(|value| Some(value.as_str()?.to_owned()))
            .collect()
    })
    .unwrap_or_default()
}

fn keys(value: Option<&Value>) -> BTreeSet<String> {
    value
        .and_then(Value::as_table)
        .map(|table| table.keys().map(|name| normalised(name)).collect())
        .unwrap_or_default()
}

/// The texts in all lists of a table.
fn lists(value: Option<&Value>) -> impl Iterator<Item = String> {
    let tables = value.and_then(Value::as_table).into_iter().flatten();
    let items = tables.flat_map(|(_, list)| list.as_array().into_iter().flatten());
    items.filter_map(|item| Some(item.as_str()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_with_a_build_system_is_a_package_unless_uv_says_otherwise() {
        let text = "[project]\nname='a'\n[build-system]\nrequires=['hatchling']\n";
        assert!(Project::parse(text).unwrap().is_package);
        let told = format!("{text}[tool.uv]\npackage=false\n");
        assert!(!Project::parse(&told).unwrap().is_package);
        assert!(!Project::parse("[project]\nname='a'\n").unwrap().is_package);
    }

    #[test]
    fn demands_of_dependencies_extras_and_groups_are_collected() {
        let text = "[project]\ndependencies=['Foo_Bar[x]>=1','b']\ndynamic=['version']\n[project.optional-dependencies]\nMy_Extra=['c']\n\
                    [dependency-groups]\ndev=['d', {include-group='test'}]\ntest=[]\n[tool.uv]\ndev-dependencies=['e']\n";
        let project = Project::parse(text).unwrap();
        let names: Vec<&str> = project
            .demands
            .iter()
            .map(|demand| demand.name.as_str())
            .collect();
        assert_eq!(names, ["b", "c", "d", "e", "foo-bar"]);
        assert_eq!(project.extras, ["my-extra".to_owned()].into());
        assert_eq!(project.groups, ["dev".to_owned(), "test".to_owned()].into());
        assert!(!project.is_dynamic);
    }

    #[test]
    fn a_compiling_backend_is_known_by_what_it_requires() {
        let with =
            |requires: &str| Project::parse(&format!("[build-system]\nrequires=['{requires}']")).unwrap();
        assert!(with("maturin>=1,<2").compiles());
        assert!(!with("hatchling").compiles());
    }

    #[test]
    fn a_lock_is_left_out_where_no_build_can_read_it() {
        let reads = |requires: &str, more: &str| {
            let text = format!("[build-system]\nrequires=[{requires}]\n{more}");
            Project::parse(&text).unwrap().reads_lock
        };
        for back_end in ["'hatchling>=1'", "'uv_build>=0.9,<0.10'", "'flit_core >=3,<4'"] {
            assert!(!reads(back_end, ""), "{back_end}");
        }
        for unknown in ["'setuptools'", "'hatchling','hatch-vcs'", ""] {
            assert!(reads(unknown, ""), "{unknown}");
        }
        assert!(reads("'hatchling'", "backend-path=['.']"));
        for taking in [
            "[tool.hatch.build.targets.wheel.force-include]\n'uv.lock'='app/uv.lock'",
            "[tool.hatch.build.targets.wheel]\ninclude=['*.lock']",
            "[tool.hatch.build.targets.wheel]\npackages=['.']",
            "[tool.hatch.build]\nartifacts=['**/*']",
            "[tool.hatch.build.hooks.custom]\npath='hook.py'",
            "[tool.hatch.version]\nsource='code'\npath='version.py'",
            "[tool.uv.build-backend]\nsource-include=['uv.*']",
            "[project]\nlicense-files=['./*']",
        ] {
            assert!(reads("'hatchling'", taking), "{taking}");
        }
        for leaving in [
            "[tool.hatch.build.targets.wheel]\npackages=['src/app']\nexclude=['*.py[co]','src/**/*.lock']",
            "[tool.hatch.envs.default]\ndependencies=['x==1.*']",
            "[project]\nreadme='README.md'\nlicense-files=['LICEN[CS]E*']\ndependencies=['a==1.*']\nurls={home='https://a.test/'}",
        ] {
            assert!(!reads("'hatchling'", leaving), "{leaving}");
        }
    }

    #[test]
    fn indexes_keep_their_names() {
        let text = "[[tool.uv.index]]\nname='corp'\nurl='http://corp.test/simple'\ndefault=true\n";
        let expected = ProjectIndex {
            name: Some("corp".into()),
            url: "http://corp.test/simple".into(),
            default: true,
        };
        assert_eq!(Project::parse(text).unwrap().indexes, [expected]);
    }
}
