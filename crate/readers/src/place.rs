//! Where in the file a row is.

/// What rows are called where they are: `line 7` of a text file, `row 7` of a sheet.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    what: &'static str,
    /// Rows whose place is not the one after the row before, with their places: nearly none.
    jumps: Vec<(usize, u64)>,
    rows: usize,
    next: u64,
}

impl Places {
    pub(crate) fn new(what: &'static str) -> Self {
        Places {
            what,
            jumps: Vec::new(),
            rows: 0,
            next: 0,
        }
    }

    /// The place of the next row.
    #[inline]
    pub(crate) fn push(&mut self, place: u64) {
        if place != self.next {
            self.jumps.push((self.rows, place));
        }
        self.rows += 1;
        self.next = place + 1;
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The place of a row, from 0.
    pub(crate) fn of(&self, row: usize) -> String {
        let after = self.jumps.partition_point(|(first, _)| *first <= row);
        let place = match after.checked_sub(1).map(|jump| self.jumps[jump]) {
            Some((first, place)) => place + (row - first) as u64,
            None => row as u64 + 1,
        };
        format!("{} {place}", self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_where_they_are() {
        let mut places = Places::new("line");
        for line in [2, 3, 6, 7, 9] {
            places.push(line);
        }
        let lines: Vec<String> = (0..5).map(|row| places.of(row)).collect();
        assert_eq!(lines, ["line 2", "line 3", "line 6", "line 7", "line 9"]);
        assert_eq!(places.jumps.len(), 3);
        assert_eq!(Places::new("row").of(4), "row 5");
    }
}
