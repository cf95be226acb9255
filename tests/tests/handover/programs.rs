//! R and Python: where they are, and what scripts print there.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::Numbers;

/// What a script says.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) loglik: f64,
    pub(crate) numbers: Numbers,
}

/// A program that runs scripts.
pub(crate) struct Program {
    command: PathBuf,
    /// A script that runs others, by their names and paths, and writes what they found.
    driver: &'static str,
    extension: &'static str,
    /// What the environment says besides.
    settings: Vec<(&'static str, String)>,
}

/// R, which has no `sys.source` that keeps quiet.
const R_DRIVER: &str = r#"
arguments <- commandArgs(TRUE)
tell <- function(...) cat(..., "\n", sep = "\t")
digits <- function(x) sprintf("%.17g", x)
for (line in readLines(arguments[1], encoding = "UTF-8")) {
  parts <- strsplit(line, "\t")[[1]]
  found <- new.env(parent = globalenv())
  problem <- tryCatch({
    invisible(capture.output(suppressWarnings(sys.source(parts[2], found))))
    NULL
  }, error = function(e) conditionMessage(e))
  if (!is.null(problem)) {
    tell("error", parts[1], gsub("[\n\t]", " ", problem))
    next
  }
  tell("case", parts[1], digits(found$log_likelihood))
  b <- found$coefficients
  for (i in seq_len(nrow(b))) {
    tell("number", gsub("\n", " ", paste("coefficient", b$outcome[i], b$term[i])), digits(b$estimate[i]), digits(b$std.error[i]))
  }
  for (name in c("prediction", "slope", "comparison")) {
    t <- found[[paste0(name, "s")]]
    if (is.null(t)) next
    each <- length(found$outcomes)
    for (i in seq_len(nrow(t))) {
      tell("number", paste(name, (i - 1) %/% each, t$outcome[i]), digits(t$estimate[i]), digits(t$std.error[i]))
    }
  }
}
"#;

const PYTHON_DRIVER: &str = r#"
import contextlib, io, runpy, sys, warnings
warnings.simplefilter("ignore")
sys.stdout.reconfigure(encoding="utf-8")
def tell(*parts):
    print(*parts, sep="\t")
for line in open(sys.argv[1], encoding="utf-8"):
    name, path = line.rstrip("\n").split("\t")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            # As the program itself: Spark sends such functions to its workers whole.
            found = runpy.run_path(path, run_name="__main__")
    except BaseException as error:
        tell("error", name, repr(error).replace("\n", " ").replace("\t", " "))
        continue
    tell("case", name, repr(float(found["log_likelihood"])))
    for _, b in found["coefficients"].iterrows():
        tell("number", f"coefficient {b.outcome} {b.term}".replace("\n", " "), repr(float(b.estimate)), repr(float(b.std_error)))
    for kind in ["prediction", "slope", "comparison"]:
        table = found.get(kind + "s")
        if table is None:
            continue
        each = len(found["outcomes"])
        for i, (_, t) in enumerate(table.iterrows()):
            tell("number", f"{kind} {i // each} {t.outcome}", repr(float(t.estimate)), repr(float(t.std_error)))
"#;

impl Program {
    /// R with nnet.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn r() -> Result<Self, String> {
        let command = on_path("Rscript").ok_or("R")?;
        let checked = Command::new(&command)
            .args(["-e", "library(nnet); library(splines)"])
            .output();
        if !checked.is_ok_and(|output| output.status.success()) {
            return Err("nnet in R".to_owned());
        }
        Ok(Program {
            command,
            driver: R_DRIVER,
            extension: "R",
            settings: Vec::new(),
        })
    }

    /// Python with statsmodels, in an environment of the tests' own.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn python() -> Result<Self, String> {
        Ok(Program {
            command: environment(
                "handover",
                &[
                    "statsmodels==0.15.0",
                    "pandas==3.1.1",
                    "numpy==2.4.6",
                    "scipy==1.17.1",
                ],
            )?,
            driver: PYTHON_DRIVER,
            extension: "py",
            settings: Vec::new(),
        })
    }

    /// Python with pyspark on two workers of their own, in an environment of the tests' own.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn spark() -> Result<Self, String> {
        on_path("java").ok_or("Java")?;
        let packages = [
            "pyspark==4.3.0",
            "pandas==2.3.3",
            "numpy==2.4.6",
            "scipy==1.17.1",
            "pyarrow==26.0.1",
        ];
        let command = environment("spark", &packages)?;
        let python = command.display().to_string();
        Ok(Program {
            command,
            driver: PYTHON_DRIVER,
            extension: "py",
            settings: vec![
                ("PYSPARK_PYTHON", python),
                // Two workers, each with one core and a gigabyte.
                (
                    "PYSPARK_SUBMIT_ARGS",
                    "--master local-cluster[2,1,1024] --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2 \
                     pyspark-shell"
                        .to_owned(),
                ),
                ("SPARK_LOCAL_IP", "127.0.0.1".to_owned()),
            ],
        })
    }

    /// Runs scripts, given by name and path, and reads what they found, or why they did not.
    pub(crate) fn run(
        &self,
        folder: &Path,
        scripts: &[(String, PathBuf)],
    ) -> BTreeMap<String, Result<Answer, String>> {
        let driver = folder.join(format!("driver.{}", self.extension));
        std::fs::write(&driver, self.driver).unwrap();
        let list = folder.join(format!("scripts.{}.txt", self.extension));
        let lines = scripts.iter().fold(String::new(), |mut lines, (name, path)| {
            let _ = writeln!(lines, "{name}\t{}", path.display());
            lines
        });
        std::fs::write(&list, lines).unwrap();
        let output = Command::new(&self.command)
            .arg(&driver)
            .arg(&list)
            .env("LC_ALL", "C.UTF-8")
            .env("OMP_NUM_THREADS", "1")
            .env("OPENBLAS_NUM_THREADS", "1")
            .envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())))
            .output()
            .unwrap();
        let (text, problems) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{}: {problems}", driver.display());
        let mut answers: BTreeMap<String, Result<Answer, String>> = BTreeMap::new();
        let mut current: Option<String> = None;
        for line in text.lines() {
            let parts: Vec<&str> = line.trim_end_matches('\t').split('\t').collect();
            match parts.as_slice() {
                ["case", name, loglik] => {
                    let answer = Answer {
                        loglik: number(loglik),
                        ..Answer::default()
                    };
                    answers.insert((*name).to_owned(), Ok(answer));
                    current = Some((*name).to_owned());
                }
                ["error", name, problem] => {
                    answers.insert((*name).to_owned(), Err((*problem).to_owned()));
                }
                ["number", name, estimate, std_error] => {
                    let answer = current.as_ref().and_then(|current| answers.get_mut(current));
                    if let Some(Ok(answer)) = answer {
                        answer
                            .numbers
                            .insert((*name).to_owned(), [number(estimate), number(std_error)]);
                    }
                }
                _ => panic!("{}: {line:?}", driver.display()),
            }
        }
        answers
    }
}

fn number(text: &str) -> f64 {
    match text.trim() {
        "NaN" | "nan" | "NA" => f64::NAN,
        text => text
            .parse()
            .unwrap_or_else(|_| panic!("{text:?} is not a number")),
    }
}

pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Python of a virtual environment under `target/` that has these packages; it is made where it is not there yet.
///
/// # Errors
/// What is missing.
pub(crate) fn environment(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    // One at a time: tests run beside each other.
    static MAKING: OnceLock<std::sync::Mutex<()>> = OnceLock::new();
    let _one = MAKING.get_or_init(Default::default).lock();
    let folder = standfirm_tests::artifacts("python").join(name);
    let python = folder.join("bin/python");
    let done = folder.join("packages.txt");
    let wanted = packages.join("\n");
    if std::fs::read_to_string(&done).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let python3 = on_path("python3").ok_or("Python")?;
    let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    if !run(Command::new(python3).args(["-m", "venv"]).arg(&folder)) {
        return Err("Python with venv".to_owned());
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(packages);
    if !run(&mut pip) {
        return Err(format!("Python packages {}", packages.join(", ")));
    }
    std::fs::write(&done, wanted).unwrap();
    Ok(python)
}
