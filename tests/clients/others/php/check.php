<?php
// Prints a line for each check. The exit status is 1 if one failed.

error_reporting(E_ALL);
// A warning is a failed check, too.
set_error_handler(fn ($level, $text, $file, $line) => throw new ErrorException($text, 0, $level, $file, $line));

$failed = 0;
register_shutdown_function(function () use (&$failed) { if ($failed) exit(1); });

function check(string $what, callable $test): void
{
    global $failed;
    try {
        $test();
        echo "ok    $what\n";
    } catch (Throwable $problem) {
        $failed++;
        echo "FAIL  $what\n$problem\n";
    }
}

function equal(mixed $expected, mixed $found): void
{
    if ($found !== $expected) {
        throw new Exception(json_encode($found) . ' is not ' . json_encode($expected));
    }
}

/** What the call throws: it must. */
function refusal(callable $call): Throwable
{
    try {
        $answer = $call();
    } catch (Exception $refusal) {
        return $refusal;
    }
    throw new Exception('it was not refused, but answered ' . json_encode($answer));
}
