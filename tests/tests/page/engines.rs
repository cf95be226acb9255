//! Each test, in each engine that can run it.

/// Makes tests of functions that are given a browser. A file names all of its own at its top.
macro_rules! tests {
    (in every engine: $($every:ident)*; $(in Chromium, which alone can be asked: $($alone:ident)*;)?) => {
        $crate::engines::tests!(chromium, Chromium, $($every)* $($($alone)*)?);
        $crate::engines::tests!(firefox, Firefox, $($every)*);
        $crate::engines::tests!(webkit, WebKit, $($every)*);
    };
    (in Chromium, which alone can be asked: $($alone:ident)*;) => {
        $crate::engines::tests!(chromium, Chromium, $($alone)*);
    };
    ($module:ident, $engine:ident, $($test:ident)*) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $test() {
                    let name = concat!(stringify!($module), "::", stringify!($test));
                    standfirm_tests::in_browser(standfirm_tests::Engine::$engine, name, super::$test).await;
                }
            )*
        }
    };
}

pub(crate) use tests;
