//! Builds the tree out of the YAML parser's events.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};

use super::node::{Kind, Node, Pair, Scalar};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};

/// Levels of nesting; a spec has six.
const MOST_LEVELS: usize = 64;

/// Values after aliases are followed; the largest real specs have some hundreds.
const MOST_NODES: usize = 20_000;

/// Why no tree came out.
pub enum Failure {
    /// The text is not YAML.
    Syntax(ScanError),
    /// It is, and a spec cannot be read from it.
    Refused(Box<Diagnostic>),
}

/// What the text holds: the tree, `None` for a text without values, and what was wrong and could be passed over.
pub fn build(text: &str) -> Result<(Option<Node>, Vec<Diagnostic>), Failure> {
    let mut builder = Builder {
        parser: Parser::new_from_str(text),
        text,
        offsets: text.char_indices().map(|(at, _)| at).collect(),
        anchors: BTreeMap::new(),
        nodes: 0,
        problems: Vec::new(),
    };
    let root = builder.documents()?;
    Ok((root, builder.problems))
}

struct Builder<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// Byte offset of every character: the parser counts characters.
    offsets: Vec<usize>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    problems: Vec<Diagnostic>,
}

type Step<'t> = (Event<'t>, Span);

impl<'t> Builder<'t> {
    fn documents(&mut self) -> Result<Option<Node>, Failure> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::DocumentStart(_) if root.is_some() => {
                    return Err(refused(
                        Diagnostic::error(code::YAML_FEATURE, span, "a spec is one YAML document")
                            .label("a second document starts here")
                            .hint("put each spec in a file of its own, or use `targets:` for variants"),
                    ));
                }
                Event::DocumentStart(_) => {
                    let first = self.expect()?;
                    root = Some(self.node(first, 0)?);
                }
                _ => {}
            }
        }
        Ok(root)
    }

    /// The next event, or `None` at the end of the text.
    fn next(&mut self) -> Result<Option<Step<'t>>, Failure> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let span = Span::new(self.offset(span.start.index()), self.offset(span.end.index()));
                Ok(Some((event, span)))
            }
            Some(Err(error)) => Err(Failure::Syntax(error)),
        }
    }

    /// The next event inside a document, where there always is one.
    fn expect(&mut self) -> Result<Step<'t>, Failure> {
        let end = Span::new(self.text.len(), self.text.len());
        Ok(self.next()?.unwrap_or((Event::StreamEnd, end)))
    }

    /// A block scalar without the line ends after it.
    fn visible(&self, span: Span) -> Span {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        Span::new(span.start, span.start + text.trim_end().len())
    }

    fn offset(&self, character: usize) -> usize {
        self.offsets.get(character).copied().unwrap_or(self.text.len())
    }

    fn node(&mut self, (event, span): Step<'t>, level: usize) -> Result<Node, Failure> {
        self.count(span, level)?;
        let (anchor, node) = match event {
            Event::Alias(anchor) => return self.alias(anchor, span, level),
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                let plain = style == ScalarStyle::Plain;
                (anchor, scalar(text.into_owned(), plain, self.visible(span)))
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                (anchor, self.sequence(span, level)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                (anchor, self.mapping(span, level)?)
            }
            _ => (0, scalar(String::new(), true, span)),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn sequence(&mut self, start: Span, level: usize) -> Result<Node, Failure> {
        let mut items = Vec::new();
        loop {
            match self.expect()? {
                (Event::SequenceEnd | Event::StreamEnd, end) => {
                    let span = enclosing(start, items.last().map(|item: &Node| item.span), end);
                    return Ok(Node::sequence(items, span));
                }
                step => items.push(self.node(step, level + 1)?),
            }
        }
    }

    fn mapping(&mut self, start: Span, level: usize) -> Result<Node, Failure> {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut merged = Vec::new();
        loop {
            let step = self.expect()?;
            if let (Event::MappingEnd | Event::StreamEnd, end) = step {
                let span = enclosing(start, pairs.last().map(|pair| pair.value.span), end);
                self.merge(&mut pairs, merged);
                return Ok(Node::mapping(pairs, span));
            }
            let key = self.node(step, level + 1)?;
            let value = self.expect()?;
            let value = self.node(value, level + 1)?;
            match self.pair(key, value) {
                Some(pair) if pair.key.value == "<<" => merged.push(pair),
                Some(pair) => self.push(&mut pairs, pair),
                None => {}
            }
        }
    }

    fn pair(&mut self, key: Node, mut value: Node) -> Option<Pair> {
        let Kind::Scalar(Scalar { text, .. }) = key.kind else {
            self.problems.push(
                Diagnostic::error(code::YAML_FEATURE, key.head(), "a key must be text")
                    .label(format!("this is {}", key.kind_name())),
            );
            return None;
        };
        if value.is_null() && value.span.start == value.span.end {
            value.span = key.span;
        }
        Some(Pair {
            key: Spanned::new(text, key.span),
            value,
        })
    }

    fn push(&mut self, pairs: &mut Vec<Pair>, pair: Pair) {
        let first = pairs.iter().find(|other| other.key.value == pair.key.value);
        match first {
            None => pairs.push(pair),
            Some(first) => self.problems.push(duplicate(&first.key, &pair.key)),
        }
    }

    /// `<<: *base` and `<<: [*a, *b]`: entries that the mapping does not have itself.
    fn merge(&mut self, pairs: &mut Vec<Pair>, merged: Vec<Pair>) {
        for Pair { key, value } in merged {
            let sources = match value.kind {
                Kind::Sequence(items) => items,
                _ => vec![value],
            };
            for source in sources {
                let Kind::Mapping(others) = source.kind else {
                    self.problems.push(
                        Diagnostic::error(code::YAML_FEATURE, key.span, "`<<` merges mappings")
                            .label(format!("this merges {}", source.kind_name())),
                    );
                    continue;
                };
                let new = |other: &Pair| pairs.iter().all(|pair| pair.key.value != other.key.value);
                let missing: Vec<Pair> = others.into_iter().filter(new).collect();
                pairs.extend(missing);
            }
        }
    }

    /// A copy of what the anchor names, counted like what is written out.
    fn alias(&mut self, anchor: usize, span: Span, level: usize) -> Result<Node, Failure> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            let message = "an alias cannot stand inside the value that it names";
            return Err(refused(Diagnostic::error(code::YAML_FEATURE, span, message)));
        };
        self.nodes += size(&node);
        self.count(span, level + depth(&node))?;
        Ok(node)
    }

    fn count(&mut self, span: Span, level: usize) -> Result<(), Failure> {
        self.nodes += 1;
        let reason = if level > MOST_LEVELS {
            format!("values are nested more than {MOST_LEVELS} levels deep")
        } else if self.nodes > MOST_NODES {
            format!("there are more than {MOST_NODES} values once aliases are followed")
        } else {
            return Ok(());
        };
        Err(refused(Diagnostic::error(code::TOO_LARGE, span, reason)))
    }

    fn refuse_tag(&mut self, tagged: bool, span: Span) {
        if tagged {
            self.problems.push(
                Diagnostic::error(code::YAML_FEATURE, span, "YAML tags have no meaning in a spec").hint(
                    "leave the `!tag` out; put text in quotes where it could be taken for something else",
                ),
            );
        }
    }
}

fn refused(diagnostic: Diagnostic) -> Failure {
    Failure::Refused(Box::new(diagnostic))
}

/// The finding about a key that is written twice.
pub fn duplicate(first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(
        code::DUPLICATE_KEY,
        second.span,
        format!("`{}` is written twice", second.value),
    )
    .related(first.span, "first written here")
    .hint("keep one of them, or join what they say")
}

fn scalar(text: String, plain: bool, span: Span) -> Node {
    let kind = Kind::Scalar(Scalar {
        text,
        plain,
        unresolved: None,
    });
    Node { span, kind }
}

/// In block style the end event comes late, after comments and empty lines: the last item says where the value ends.
fn enclosing(start: Span, last: Option<Span>, end: Span) -> Span {
    let flow = end.start < end.end;
    match last {
        Some(last) if !flow => Span::new(start.start.min(last.start), last.end),
        _ => start.to(end),
    }
}

fn depth(node: &Node) -> usize {
    match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Kind::Mapping(pairs) => 1 + pairs.iter().map(|pair| depth(&pair.value)).max().unwrap_or(0),
    }
}

fn size(node: &Node) -> usize {
    match &node.kind {
        Kind::Scalar(_) => 1,
        Kind::Sequence(items) => 1 + items.iter().map(size).sum::<usize>(),
        Kind::Mapping(pairs) => 1 + pairs.iter().map(|pair| 1 + size(&pair.value)).sum::<usize>(),
    }
}
