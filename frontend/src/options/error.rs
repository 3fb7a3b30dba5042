//! What is wrong with an option.

/// One option that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionError {
    /// The frontend option, `platform`.
    pub option: String,
    /// What is wrong, with the value.
    pub problem: String,
    /// The right form.
    pub hint: String,
}

/// All options that cannot be used; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionErrors(pub Vec<OptionError>);

impl std::fmt::Display for OptionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "option `{}`: {}\nhint: {}",
            self.option, self.problem, self.hint
        )
    }
}

impl std::fmt::Display for OptionErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for OptionError {}
impl std::error::Error for OptionErrors {}
