//! One file of Rust: the names it defines, imports and mentions. What is there for tests alone is passed over.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{
    Attribute, ImplItemFn, Item, ItemMod, ItemUse, Macro, Path, UseTree, Visibility,
    visit::{self, Visit},
};

/// A path as it is written, such as `super::fit::Fit`; the last part may be `*`.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub(crate) path: Vec<String>,
    /// The modules within the file that it is written in.
    pub(crate) within: Vec<String>,
    pub(crate) line: usize,
}

/// One name of a `use`.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) mention: Mention,
    /// How it is called from there on.
    pub(crate) name: String,
    /// Whether others may have it from here: `pub use`.
    pub(crate) handed_on: bool,
}

/// What is written in a file.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// Names of items, other than modules with files of their own.
    pub(crate) items: BTreeSet<String>,
    /// Modules with files of their own.
    pub(crate) children: BTreeSet<String>,
    /// Those of them that are for tests alone.
    pub(crate) for_tests: BTreeSet<String>,
    pub(crate) uses: Vec<Use>,
    pub(crate) mentions: Vec<Mention>,
    within: Vec<String>,
}

impl Source {
    /// Reads a file.
    pub(crate) fn read(text: &str) -> syn::Result<Self> {
        let mut source = Self::default();
        source.visit_file(&syn::parse_file(text)?);
        Ok(source)
    }

    fn mention<'a>(&self, path: impl IntoIterator<Item = &'a Ident>) -> Mention {
        let idents: Vec<&Ident> = path.into_iter().collect();
        Mention {
            path: idents.iter().map(ToString::to_string).collect(),
            within: self.within.clone(),
            line: idents.first().map_or(0, |first| first.span().start().line),
        }
    }

    fn read_use(&mut self, tree: &UseTree, before: &[&Ident], handed_on: bool) {
        let (last, name) = match tree {
            UseTree::Path(path) => {
                return self.read_use(&path.tree, &[before, &[&path.ident]].concat(), handed_on);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, before, handed_on);
                }
                return;
            }
            UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
            UseTree::Rename(rename) => (rename.ident.to_string(), rename.rename.to_string()),
            UseTree::Glob(_) => ("*".to_owned(), "*".to_owned()),
        };
        let mut mention = self.mention(before.iter().copied());
        // `use crate::fit::{self}` is `use crate::fit`.
        let name = if name == "self" {
            mention.path.last().cloned().unwrap_or_default()
        } else {
            name
        };
        if last != "self" {
            mention.path.push(last);
        }
        self.uses.push(Use {
            mention,
            name,
            handed_on,
        });
    }

    /// Paths in what is handed to a macro: any names with `::` between them.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Vec::<Ident>::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end_path(&mut path);
                    }
                    path.push(ident);
                }
                TokenTree::Group(group) => {
                    self.end_path(&mut path);
                    self.read_tokens(group.stream());
                }
                _ => self.end_path(&mut path),
            }
            colons = 0;
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut Vec<Ident>) {
        if path.len() > 1 {
            self.mentions.push(self.mention(&*path));
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Source {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = described(item);
        if are_for_tests(attributes) {
            if let (Item::Mod(module), Some(name)) = (item, name)
                && module.content.is_none()
            {
                self.for_tests.insert(name.to_string());
            }
            return;
        }
        if let Some(name) = name
            && self.within.is_empty()
            && !matches!(item, Item::Mod(module) if module.content.is_none())
        {
            self.items.insert(name.to_string());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if module.content.is_none() {
            self.children.insert(module.ident.to_string());
            return;
        }
        self.within.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.within.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            let handed_on = !matches!(item.vis, Visibility::Inherited);
            self.read_use(&item.tree, &[], handed_on);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !are_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            let mention = self.mention(path.segments.iter().map(|segment| &segment.ident));
            self.mentions.push(mention);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.visit_path(&called.path);
        self.read_tokens(called.tokens.clone());
    }

    // Neither imports anything.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// The attributes and the name of an item that has any.
fn described(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::Impl(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Mod(item) => (&item.attrs, Some(&item.ident)),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

/// Whether there is `#[cfg(test)]` among them.
fn are_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<Path>()
                .is_ok_and(|condition| condition.is_ident("test"))
    })
}
