# Prints a line for each check. The exit status is 1 if one failed.
package Checks;

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(check equal);
my $failed = 0;
binmode STDOUT, ':encoding(UTF-8)';

sub check {
    my ($what, $test) = @_;
    # A warning is a failed check, too.
    local $SIG{__WARN__} = sub { die @_ };
    return print "ok    $what\n" if eval { $test->(); 1 };
    $failed++;
    print "FAIL  $what\n$@\n";
}

# Compares two lists of the same length, given as references.
sub equal {
    my ($expected, $found) = map { join ' | ', map { $_ // '(nothing)' } @$_ } @_;
    die "($found) is not ($expected)" if $found ne $expected;
}

END { $? = 1 if $failed }

1;
