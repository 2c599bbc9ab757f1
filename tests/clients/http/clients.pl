# Makes the calls by Perl's LWP::UserAgent or HTTP::Tiny, with their default settings.
#
# Usage: perl clients.pl LWP|HTTP::Tiny ADDRESS CALLS ROUNDS

use strict;
use warnings;
use HTTP::Tiny;
use LWP::UserAgent;

my ($client, $address, $calls, $rounds) = @ARGV;
my $agent = $client eq 'LWP' ? LWP::UserAgent->new : HTTP::Tiny->new;
open my $file, '<', $calls or die $!;
chomp(my @lines = <$file>);

# The status and the text.
sub by_lwp {
    my ($method, $url, $headers, $body) = @_;
    my $response = $agent->request(HTTP::Request->new($method, $url, [%$headers], $body));
    return ($response->code, $response->decoded_content);
}

sub by_tiny {
    my ($method, $url, $headers, $body) = @_;
    my $options = { headers => $headers, length $body ? (content => $body) : () };
    my $response = $agent->request($method, $url, $options);
    return @$response{qw(status content)};
}

for my $made (0 .. $rounds - 1) {
    for my $line (@lines) {
        my ($name, $method, $path, $times, $fields, $body) = split /\t/, $line, -1;
        next if $made >= $times;
        my %headers = map { split /: /, $_, 2 } split / \| /, $fields;
        my $send = $client eq 'LWP' ? \&by_lwp : \&by_tiny;
        my ($status, $text) = $send->($method, $address . $path, \%headers, $body);
        $text =~ s/\s+/ /g;
        print "$name\t$status\t$text\n";
    }
}
