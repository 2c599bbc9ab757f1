# XML-RPC, by RPC::XML: a call gives an object, whose `value` is plain Perl, and a fault is such an object, too.

use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use RPC::XML;
use RPC::XML::Client;
use Checks;

my $address = shift;
$RPC::XML::ENCODING = 'utf-8';    # Else us-ascii.
my $shop = RPC::XML::Client->new("$address/xmlrpc");

sub call {
    my $answer = $shop->send_request(@_);
    die $answer unless ref $answer;    # Without an answer it is a text that says why.
    die $answer->code . ' ' . $answer->string . "\n" if $answer->is_fault;
    return $answer->value;
}

check 'perl/xmlrpc: gets user 1, by position and by name', sub {
    equal [1, 'Ada Lovelace', 'ada@example.com'], [@{ call('get_user', 1) }{qw(id name email)}];
    equal ['Ada Lovelace'], [call('get_user', { id => 1 })->{name}];
};

check 'perl/xmlrpc: creates a user whose name is not ASCII', sub {
    my $name = 'Žofia <&> 東京';
    equal [$name], [call('create_user', { name => $name, email => 'perl@example.com' })->{name}];
};

check 'perl/xmlrpc: finds a "laptop"', sub {
    my ($first) = @{ call('search_products', { query => 'laptop' })->{items} };
    die $first->{name} unless $first->{name} =~ /laptop/i;
};

check 'perl/xmlrpc: orders two lines, and the stock falls', sub {
    my $before = call('get_product', 1)->{stock};
    my @lines = ({ product_id => 1, quantity => 2 }, { product_id => 2, quantity => 3 });
    my $order = call('place_order', 1, \@lines);
    equal [2, 3], [map { $_->{quantity} } @{ $order->{lines} }];
    equal [$before - 2], [call('get_product', 1)->{stock}];
};

check 'perl/xmlrpc: hears a fault', sub {
    my $fault = $shop->send_request('get_user', 999999);
    equal [-32004, 'user_not_found: there is no user 999999; list_users lists those that exist'], [$fault->code, $fault->string];
};

check 'perl/xmlrpc: asks for the methods', sub {
    my %is_method = map { $_ => 1 } @{ call('system.listMethods') };
    die join ' ', keys %is_method unless $is_method{place_order} && $is_method{'system.multicall'};
    equal ['struct'], [call('system.methodSignature', 'get_user')->[0][0]];
};

check 'perl/xmlrpc: makes several calls at once, and one of them fails', sub {
    my @calls = map { { methodName => 'get_user', params => [$_] } } 1, 999999, 3;
    my ($ada, $fault, $third) = @{ call('system.multicall', \@calls) };
    equal [1, -32004, 3], [$ada->[0]{id}, $fault->{faultCode}, $third->[0]{id}];
};
