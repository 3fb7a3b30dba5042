//! What modelcrate needs of a `Cargo.toml`.

use toml::{Table, Value};

/// The three kinds of dependencies, each also below `[target.…]`.
pub(super) const DEPENDENCIES: [&str; 6] = [
    "dependencies",
    "build-dependencies",
    "build_dependencies",
    "dev-dependencies",
    "dev_dependencies",
    "replace",
];

/// The facts of a `Cargo.toml`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Manifest {
    pub(super) table: Table,
}

/// A dependency that lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalDependency {
    /// The folder, relative to the manifest that says it: the workspace's root when `inherited`.
    pub path: String,
    /// Said by `[workspace.dependencies]` of the root.
    pub inherited: bool,
    /// For tests and examples alone.
    pub dev: bool,
}

impl Manifest {
    /// Reads the text of a `Cargo.toml`.
    ///
    /// # Errors
    /// The parser's words when it is not TOML.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table = text
            .parse()
            .map_err(|error: toml::de::Error| error.message().to_owned())?;
        Ok(Self { table })
    }

    /// `package.name`; a workspace without a package of its own has none.
    pub fn name(&self) -> Option<&str> {
        self.package()?.get("name")?.as_str()
    }

    /// The names that its own files in the target folder may have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let library = self.table.get("lib").and_then(|lib| lib.get("name"));
        self.name().into_iter().chain(library.and_then(Value::as_str))
    }

    /// `package.rust-version`, where it is written here.
    pub fn rust_version(&self) -> Option<&str> {
        self.package()?.get("rust-version")?.as_str()
    }

    /// `package.edition`, where it is written here.
    pub fn edition(&self) -> Option<&str> {
        self.package()?.get("edition")?.as_str()
    }

    /// Whether it is the root of a workspace.
    pub fn is_workspace(&self) -> bool {
        self.table.contains_key("workspace")
    }

    /// `package.workspace`: the folder of the root, relative to this one.
    pub fn workspace(&self) -> Option<&str> {
        self.package()?.get("workspace")?.as_str()
    }

    /// `workspace.members`, `workspace.exclude` or `workspace.default-members`.
    pub fn folders(&self, key: &str) -> Vec<&str> {
        let workspace = self.table.get("workspace");
        let list = workspace.and_then(|workspace| workspace.get(key)?.as_array());
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Dependencies that lie in folders, those that the root says among them.
    pub fn local_dependencies(&self, root: &Self) -> Vec<LocalDependency> {
        let mut found: Vec<LocalDependency> = self
            .dependency_tables()
            .flat_map(|(kind, table)| {
                let dev = kind.starts_with("dev");
                table
                    .iter()
                    .filter_map(move |(name, value)| local(name, value, root, dev))
            })
            .collect();
        found.extend(self.patches().into_iter().map(|path| LocalDependency {
            path,
            inherited: false,
            dev: false,
        }));
        found.sort();
        found.dedup();
        found
    }

    /// Folders of `[patch.…]`.
    pub fn patches(&self) -> Vec<String> {
        let patches = self.table.get("patch").and_then(Value::as_table);
        let sources = patches.into_iter().flat_map(Table::values);
        let crates = sources.filter_map(Value::as_table).flat_map(Table::values);
        crates
            .filter_map(|value| Some(value.get("path")?.as_str()?.to_owned()))
            .collect()
    }

    fn package(&self) -> Option<&Table> {
        let package = self.table.get("package").or_else(|| self.table.get("project"));
        package?.as_table()
    }

    fn dependency_tables(&self) -> impl Iterator<Item = (&'static str, &Table)> {
        let targets = self.table.get("target").and_then(Value::as_table);
        let of_targets = targets
            .into_iter()
            .flat_map(Table::values)
            .filter_map(Value::as_table);
        std::iter::once(&self.table)
            .chain(of_targets)
            .flat_map(|table| DEPENDENCIES.map(|kind| (kind, table)))
            .filter_map(|(kind, table)| Some((kind, table.get(kind)?.as_table()?)))
    }
}

fn local(name: &str, value: &Value, root: &Manifest, dev: bool) -> Option<LocalDependency> {
    let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let said = if inherits {
        let workspace = root.table.get("workspace")?;
        workspace.get("dependencies")?.get(name)?
    } else {
        value
    };
    let path = said.get("path")?.as_str()?.to_owned();
    Some(LocalDependency {
        path,
        inherited: inherits,
        dev,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_dependencies_are_found_wherever_they_are_said() {
        let root = Manifest::parse("[workspace.dependencies]\ncore = { path = 'crates/core' }\n").unwrap();
        let manifest = Manifest::parse(
            "[package]\nname = 'app'\n\
             [dependencies]\ncore.workspace = true\nserde = '1'\n\
             [target.'cfg(unix)'.build-dependencies]\nmade = { path = '../made' }\n\
             [dev-dependencies]\ntested = { path = '../tested' }\n\
             [patch.crates-io]\nring = { path = 'ring' }\n",
        )
        .unwrap();
        let found = manifest.local_dependencies(&root);
        let told: Vec<(&str, bool, bool)> = found
            .iter()
            .map(|dependency| (dependency.path.as_str(), dependency.inherited, dependency.dev))
            .collect();
        assert_eq!(
            told,
            [
                ("../made", false, false),
                ("../tested", false, true),
                ("crates/core", true, false),
                ("ring", false, false),
            ]
        );
    }

    #[test]
    fn a_workspace_names_its_members() {
        let root =
            Manifest::parse("[workspace]\nmembers = ['a', 'crates/*']\nexclude = ['crates/old']\n").unwrap();
        assert!(root.is_workspace());
        assert_eq!(root.folders("members"), ["a", "crates/*"]);
        assert_eq!(root.folders("exclude"), ["crates/old"]);
        assert_eq!(root.name(), None);
    }
}
