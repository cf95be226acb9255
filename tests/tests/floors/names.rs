//! Which file defines a name, however it is written and whoever hands it on.

use std::collections::BTreeSet;

use crate::{modules::Modules, source::Mention};

/// As often is a name handed on at most: a bound for names that only hand on each other.
const MOST_HANDS: usize = 16;

impl Modules {
    /// The modules that define what is mentioned: one, or with `*` perhaps more; none if it is of another crate.
    pub(crate) fn homes(&self, module: &[String], mention: &Mention) -> BTreeSet<Vec<String>> {
        let Some(mut path) = self.absolute(module, mention, MOST_HANDS) else {
            return BTreeSet::new();
        };
        if path.last().is_none_or(|last| last != "*") {
            return BTreeSet::from([self.home(path, MOST_HANDS)]);
        }
        path.pop();
        let home = self.home(path, MOST_HANDS);
        let handed_on = self.files[&home].1.uses.iter().filter(|one| one.handed_on);
        let mut homes: BTreeSet<_> = handed_on
            .filter_map(|one| Some(self.home(self.absolute(&home, &one.mention, MOST_HANDS)?, MOST_HANDS)))
            .collect();
        homes.insert(home);
        homes
    }

    /// The path from the root on; none for what is not of this crate.
    fn absolute(&self, module: &[String], mention: &Mention, hands: usize) -> Option<Vec<String>> {
        let source = &self.files[module].1;
        let mut scope = joined(module, &mention.within);
        let (first, mut rest) = mention.path.split_first()?;
        match first.as_str() {
            "crate" => return Some(rest.to_vec()),
            "self" => {}
            "super" => {
                scope.pop()?;
            }
            child if !rest.is_empty() && source.children.contains(child) => {
                return Some(joined(module, &mention.path));
            }
            name => {
                // A name that the file itself imports; what imports it is no mention of it.
                let by = source
                    .uses
                    .iter()
                    .find(|one| one.name == name && one.mention.path.first() != Some(first))?;
                let path = self.absolute(module, &by.mention, hands.checked_sub(1)?)?;
                return Some(joined(&path, rest));
            }
        }
        while let [up, further @ ..] = rest
            && up == "super"
        {
            scope.pop()?;
            rest = further;
        }
        Some(joined(&scope, rest))
    }

    /// The module that defines what a path names: who hands it on does not.
    fn home(&self, path: Vec<String>, hands: usize) -> Vec<String> {
        let longest = (0..=path.len())
            .rev()
            .find(|&length| self.files.contains_key(&path[..length]));
        let (module, rest) = path.split_at(longest.unwrap_or(0));
        let source = &self.files[module].1;
        let Some((name, further)) = rest.split_first() else {
            return module.to_vec();
        };
        if source.items.contains(name) || hands == 0 {
            return module.to_vec();
        }
        for by in source.uses.iter().filter(|one| one.handed_on) {
            let Some(mut path) = self.absolute(module, &by.mention, hands) else {
                continue;
            };
            if by.name == *name {
                return self.home(joined(&path, further), hands - 1);
            }
            if by.name == "*" {
                path.pop();
                let home = self.home(joined(&path, rest), hands - 1);
                if self.files[&home].1.items.contains(name) {
                    return home;
                }
            }
        }
        module.to_vec()
    }
}

/// A path with more behind it.
pub(crate) fn joined<'a>(path: &'a [String], rest: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    path.iter().chain(rest).cloned().collect()
}
