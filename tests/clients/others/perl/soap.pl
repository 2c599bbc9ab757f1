# SOAP, by SOAP::Lite: methods, address, SOAPAction and namespace are made from the WSDL; the schema it does not read,
# so this script names the elements of a message, each in the shop's namespace, for which the WSDL's prefix `tns` stands.

use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use SOAP::Lite;
use Checks;

my $WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
my $address = shift;

sub shop {
    my ($version) = @_;
    # The version holds for all that is made from now on.
    SOAP::Lite->soapversion($version);
    local $SIG{__WARN__} = sub { };    # The methods of the second contract take the place of the first's.
    my $shop = SOAP::Lite->service("$address/soap?wsdl")->want_som(1);
    # The types stand in the schema, and nothing is encoded: the messages are document/literal.
    $shop->autotype(0)->serializer->encodingStyle('');
    return $shop;
}

# An element: its name, then its text or the elements that it holds.
sub element {
    my ($name, @content) = @_;
    return SOAP::Data->name("tns:$name" => \SOAP::Data->value(@content)) if ref $content[0];
    # Without a type, SOAP::Lite takes a text for XML.
    return SOAP::Data->name("tns:$name" => SOAP::Utils::encode_data($content[0]));
}

sub line {
    my ($product, $quantity) = @_;
    return element(line => element(productId => $product), element(quantity => $quantity));
}

# The header block by which WS-Security says who sends the envelope.
sub username_token {
    my ($email, $password) = @_;
    my $child = sub { SOAP::Data->name("wsse:$_[0]" => $_[1]) };
    my @credentials = ($child->(Username => $email), $child->(Password => $password));
    my $token = $child->(UsernameToken => \SOAP::Data->value(@credentials));
    return SOAP::Header->name('wsse:Security' => \$token)->attr({ 'xmlns:wsse' => $WSSE })->mustUnderstand(1);
}

for my $version ('1.1', '1.2') {
    my $shop = shop($version);
    my $who = "perl/soap $version";

    check "$who: lists users", sub {
        equal [1, 2], [$shop->ListUsers(element(limit => 2))->valueof('//users/item/id')];
    };

    check "$who: gets user 1", sub {
        my $user = $shop->GetUser(element(id => 1))->valueof('//user');
        equal [1, 'Ada Lovelace', 'ada@example.com'], [@$user{qw(id name email)}];
    };

    check "$who: creates a user", sub {
        my @input = (element(name => 'Žofia <&>'), element(email => "perl\@$version.example.com"));
        my $user = $shop->CreateUser(@input)->valueof('//user');
        equal ['Žofia <&>', 'customer', 1], [@$user{qw(name role version)}];
    };

    check "$who: orders two lines, and the stock falls", sub {
        my $stock = sub { $shop->GetProduct(element(id => 1))->valueof('//stock') };
        my $before = $stock->();
        my $reply = $shop->PlaceOrder(element(userId => 1), element(lines => line(1, 2), line(2, 3)));
        equal [2, 3], [$reply->valueof('//order/lines/line/quantity')];
        equal [$before - 2], [$stock->()];
    };

    check "$who: clicks twice for one order", sub {
        my $once = SOAP::Header->name('tns:IdempotencyKey' => "perl-$version");
        my @input = (element(userId => 1), element(lines => line(1, 1)), $once);
        my ($first, $second) = map { $shop->PlaceOrder(@input)->valueof('//order/id') } 1 .. 2;
        equal [$first], [$second];
    };

    check "$who: hears a typed fault", sub {
        my $fault = $shop->GetUser(element(id => 999999))->fault;
        my $code = $version eq '1.1' ? $fault->{faultcode} : $fault->{Code}{Value};
        equal [$version eq '1.1' ? 'soap:Client' : 'soap:Sender'], [$code];
        my $details = ($fault->{detail} // $fault->{Detail})->{ShopFault};
        my $message = 'there is no user 999999; ListUsers lists those that exist';
        equal ['user_not_found', 'not_found', $message], [@$details{qw(reason kind message)}];
    };

    check "$who: is user 1, by its envelope", sub {
        my $caller = $shop->WhoAmI(username_token('ada@example.com', 'parlance'))->valueof('//caller');
        equal [1, 'customer', 'password'], [@$caller{qw(userId role proof)}];
        my $wrong = $shop->WhoAmI(username_token('ada@example.com', 'wrong'));
        equal ['credentials_wrong'], [$wrong->valueof('//ShopFault/reason')];
    };
}
