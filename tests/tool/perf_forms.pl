#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# perf_forms.pl FORM IN OUT: what perf.data would be, had perf been called otherwise
#
#	same		as it was, taken apart and put together again
#	pipe		perf record -o - | cat
#	zstd, zstd2	perf record -z, with the records of before and since Linux 6.16
#	zstream		the same as one stream, cut without regard for where its blocks end
#	zpipe		zstd2 and pipe
#	directory	perf record --threads: OUT is a directory
#	big		from a machine of the other byte order
#	aux		perf record -e intel_pt// beside: AUX data, which look like records
#	killed		perf record ended by SIGKILL
#	lost		a PERF_RECORD_LOST of 7 in the middle
#	lost_samples	a PERF_RECORD_LOST_SAMPLES of 7 for a page_pinner event at the end
#	filtered	the same, of samples that a BPF filter left out
#	lost_others	the same for an event that is none of ours
#	lost_twice	both of the first two: the same 7
#	throttle	a page_pinner event throttled and unthrottled
#	nowhere		perf did not see where the kernel was
#	quiet		no sample was written
#	exec=PID	task PID was called "before" until just before its first sample
#	fork=PID	task PID was forked by "parent" before its first sample
#	late=PID	task PID got its name after its last sample

use strict;
use warnings;

my ($form, $in, $out) = @ARGV;
die "usage: perf_forms.pl FORM IN OUT\n" unless defined $out;

open(my $f, '<:raw', $in) or die "$in: $!\n";
my $file = do { local $/; <$f> };
my ($attr_size, $attrs_at, $attrs_len, $data_at, $data_len) = unpack('x16 Q<5', $file);
my @bits = unpack('b256', substr($file, 72, 32)) =~ /./g;

# attributes, each with its ids
my @attrs;
for (my $at = $attrs_at; $at < $attrs_at + $attrs_len; $at += $attr_size) {
	my ($ids_at, $ids_len) = unpack('Q<2', substr($file, $at + $attr_size - 16, 16));
	push @attrs, { attr => substr($file, $at, $attr_size - 16),
		       ids => [ unpack('Q<*', substr($file, $ids_at, $ids_len)) ] };
}

# records as [type, misc, body, what stands behind]
my @records;
for (my $at = $data_at; $at < $data_at + $data_len;) {
	my ($type, $misc, $size) = unpack('L<S<2', substr($file, $at, 8));
	push @records, [ $type, $misc, substr($file, $at + 8, $size - 8), '' ];
	$at += $size;
}

# sections behind the records, by bit
my %sections;
my $at = $data_at + $data_len;
for my $bit (grep { $bits[$_] } 0 .. $#bits) {
	my ($where, $len) = unpack('Q<2', substr($file, $at, 16));
	$sections{$bit} = substr($file, $where, $len);
	$at += 16;
}

# All samples of the recording have: identifier, ip, pid and tid, time, …, and the
# other records end in: pid and tid, time, cpu, identifier.
my ($sample_type) = unpack('x24 Q<', $attrs[0]{attr});
my $differ = grep { unpack('L<', $_->{attr}) == 2 &&
		    unpack('x24 Q<', $_->{attr}) != $sample_type } @attrs;
die "another sample_type\n" if $differ;
die "no identifier, or ids\n" if !($sample_type & 0x10000) || $sample_type & 0x248;

sub sample_of { my ($r) = @_; return unpack('Q<2 l<2 Q<', $r->[2]); }

sub stamp
{
	my ($time, $id) = @_;
	return pack('l<2 Q<', 1, 1, $time) . ($sample_type & 0x80 ? pack('L<2', 0, 0) : '') .
		pack('Q<', $id);
}

sub put_record
{
	my ($r) = @_;
	return pack('L<S<2', $r->[0], $r->[1], length($r->[2]) + 8) . $r->[2] . $r->[3];
}

# the event formats, by the id that samples have
my %formats;
while ($sections{1} =~ /name: (\S+)\nID: (\d+)\nformat:\n(.*?)\n\nprint fmt/gs) {
	my ($name, $id, $text) = ($1, $2, $3);
	$formats{$id} = { name => $name, fields =>
		[ map { /offset:(\d+);\s*size:(\d+)/ ? [ $1, $2 ] : () } split /\n/, $text ] };
}
my ($ours) = grep { my ($c) = unpack('x8 Q<', $_->{attr}); exists $formats{$c} &&
		    $formats{$c}{name} =~ /^page_pinner_put/ } @attrs;
my @samples = grep { $records[$_][0] == 9 } 0 .. $#records;
my $middle = $samples[@samples / 2];
my $time = (sample_of($records[$middle]))[4];
my $end = (sort { $b <=> $a } map { (sample_of($records[$_]))[4] } @samples)[0];
my $comm = sub {
	my ($when, $pid, $name) = @_;
	return [ 3, 0, pack('l<2 a16', $pid, $pid, $name) . stamp($when, $ours->{ids}[0]), '' ];
};

my ($kind, $pid) = split /=/, $form;
my @of_pid = defined $pid ? grep { (sample_of($records[$_]))[3] == $pid } @samples : ();
die "no samples of $pid\n" if defined $pid && !@of_pid;
my ($first, $last) = map { (sample_of($records[$_]))[4] } @of_pid ? @of_pid[0, -1] : ();
# a name that it had from the start
my $unnamed = sub {
	@records = grep { !($_->[0] == 3 && (unpack('l<2', $_->[2]))[1] == $pid) } @records;
};

my $lost = [ 2, 0, pack('Q<2', $ours->{ids}[0], 7) . stamp($time, $ours->{ids}[0]), '' ];
my $lost_samples = [ 13, 0, pack('Q<', 7) . stamp(0, $ours->{ids}[0]), '' ];

if ($kind eq 'lost' || $kind eq 'lost_twice') {
	splice @records, $middle, 0, $lost;
	push @records, $lost_samples if $kind eq 'lost_twice';
} elsif ($kind eq 'lost_samples') {
	push @records, $lost_samples;
} elsif ($kind eq 'filtered') {
	push @records, [ 13, 1 << 15, $lost_samples->[2], '' ];
} elsif ($kind eq 'lost_others') {
	my $attr = $attrs[0]{attr};
	substr($attr, 0, 16) = pack('L<2 Q<', 0, length $attr, 0);	# cycles
	push @attrs, { attr => $attr, ids => [ 987654 ] };
	push @records, [ 13, 0, pack('Q<', 7) . stamp(0, 987654), '' ];
	push @records, [ 5, 0, pack('Q<3', $time, 987654, 1) . stamp($time, 987654), '' ];
} elsif ($kind eq 'throttle') {
	my $id = $ours->{ids}[0];
	splice @records, $middle, 0,
		[ 5, 0, pack('Q<3', $time, $id, 1) . stamp($time, $id), '' ],
		[ 6, 0, pack('Q<3', $time + 1000, $id, 1) . stamp($time + 1000, $id), '' ];
} elsif ($kind eq 'aux') {
	my $fake = put_record([ 2, 0, pack('Q<2', 1, 99), '' ]) x 1000;
	splice @records, $middle, 0,
		[ 71, 0, pack('Q<3 L<3 x4', length $fake, 0, 1, 0, 1, 0), $fake ];
	push @records, [ 11, 0, pack('Q<3', 0, length $fake, 0) . stamp($time, 0), '' ];
} elsif ($kind eq 'quiet') {
	@records = grep { $_->[0] != 9 } @records;
} elsif ($kind eq 'nowhere') {
	@records = grep { $_->[0] != 1 } @records;
} elsif ($kind eq 'exec') {
	my ($known) = map { unpack('x8 Z*', $_->[2]) }
		grep { $_->[0] == 3 && (unpack('l<2', $_->[2]))[1] == $pid } @records;
	$unnamed->();
	unshift @records, $comm->(0, $pid, 'before');
	# out of order, as another CPU writes it
	push @records, $comm->($first - 1, $pid, $known);
} elsif ($kind eq 'late') {
	$unnamed->();
	unshift @records, $comm->($last + 1, $pid, 'afterwards');
} elsif ($kind eq 'fork') {
	$unnamed->();
	unshift @records, $comm->(0, 999999, 'parent'),
		[ 7, 0, pack('l<4 Q<', $pid, 999999, $pid, 999999, $first - 1) .
		  stamp($first - 1, $ours->{ids}[0]), '' ];
}

sub zstd
{
	my ($bytes) = @_;
	open(my $raw, '>:raw', "$out.raw") or die "$out.raw: $!\n";
	print $raw $bytes;
	close $raw;
	my $packed = `zstd -q -c "$out.raw"`;
	unlink "$out.raw";
	return $packed;
}

# Records begin in one piece and end in the next.
sub compressed
{
	my ($bytes, $new, $stream) = @_;
	my @pieces = $stream ? unpack('(a1001)*', zstd($bytes)) :
		     map { zstd($_) } unpack('(a20001)*', $bytes);
	return join '', map { my $len = length;
		$new ? put_record([ 83, 0, pack('Q<', $len) . $_ . "\0" x (-$len & 7), '' ]) :
		       put_record([ 81, 0, $_, '' ]) } @pieces;
}

sub put_file
{
	my ($data, $swap) = @_;
	my $q = $swap ? 'Q>' : 'Q<';
	my $at = 104;
	my $ids = '';
	my $list = '';
	my $head = 104 + @attrs * $attr_size;
	for (@attrs) {
		my $these = pack "$q*", @{$_->{ids}};
		$list .= ($swap ? swapped_attr($_->{attr}) : $_->{attr}) .
			pack("${q}2", $head + length $ids, length $these);
		$ids .= $these;
	}
	$head += length $ids;
	my @have = sort { $a <=> $b } keys %sections;
	my $where = $head + length($data) + 16 * @have;
	my ($table, $tail) = ('', '');
	for (@have) {
		$table .= pack "${q}2", $where + length $tail, length $sections{$_};
		$tail .= $sections{$_};
	}
	my $bits = join '', map { exists $sections{$_} ? 1 : 0 } 0 .. 255;
	$bits = pack 'b256', $bits;
	$bits = pack 'Q>4', unpack 'Q<4', $bits if $swap;
	return ($swap ? '2ELIFREP' : 'PERFILE2') .
		pack("${q}8", 104, $attr_size, 104, length $list, $head, length $data, 0, 0) .
		$bits . $list . $ids . $data . $table . $tail;
}

sub put_pipe
{
	my ($data) = @_;
	my $tracing = $sections{1} . "\0" x (-length($sections{1}) & 7);
	return 'PERFILE2' . pack('Q<', 16) .
		join('', map { put_record([ 64, 0, $_->{attr} . pack('Q<*', @{$_->{ids}}), '' ]) }
			@attrs) .
		join('', map { put_record([ 80, 0, pack('Q<', $_) . $sections{$_}, '' ]) }
			grep { $_ == 3 || $_ == 4 || $_ == 5 } sort keys %sections) .
		put_record([ 66, 0, pack('L<', length $tracing), $tracing ]) . $data;
}

sub swap_at
{
	my ($bytes, $at, $size) = @_;
	substr($$bytes, $at, $size) = reverse substr($$bytes, $at, $size);
}

sub swapped_attr
{
	my ($attr) = @_;
	swap_at(\$attr, 0, 4);
	swap_at(\$attr, 4, 4);
	swap_at(\$attr, $_, 8) for 8, 16, 24, 32;
	# of bit fields the bits of each byte turn round, the bytes stay
	substr($attr, 40, 8) = pack 'B64', unpack 'b64', substr($attr, 40, 8);
	swap_at(\$attr, $_, 4) for 48, 52;
	swap_at(\$attr, $_, 8) for map { 8 * $_ } 7 .. length($attr) / 8 - 1;
	return $attr;
}

sub swapped_sample
{
	my ($body) = @_;
	my $pos = 0;
	my $word = sub { swap_at(\$body, $pos, $_[0]); $pos += $_[0]; };

	$word->(8) for 0, 1;			# identifier, ip
	$word->(4) for 0, 1;			# pid, tid
	$word->(8);				# time
	do { $word->(4) for 0, 1 } if $sample_type & 0x80;
	$word->(8) if $sample_type & 0x100;
	if ($sample_type & 0x20) {
		my $nr = unpack 'Q<', substr($body, $pos, 8);
		$word->(8) for 0 .. $nr;
	}
	if ($sample_type & 0x400) {
		$word->(4);
		my $id = unpack 'S<', substr($body, $pos, 2);
		swap_at(\$body, $pos + $_->[0], $_->[1]) for grep { $_->[1] <= 8 } @{$formats{$id}{fields}};
	}
	return $body;
}

sub swapped_stamp
{
	my ($body, $from) = @_;
	swap_at(\$body, $from, 4);
	swap_at(\$body, $from + 4, 4);
	swap_at(\$body, $from + 8, 8);
	my $at = $from + 16;
	do { swap_at(\$body, $at, 4); swap_at(\$body, $at + 4, 4); $at += 8 } if $sample_type & 0x80;
	swap_at(\$body, $at, 8);
	return $body;
}

sub swapped_record
{
	my ($r) = @_;
	my ($type, $misc, $body) = @$r;
	my $stamp = 24 + ($sample_type & 0x80 ? 8 : 0);
	if ($type == 9) {
		$body = swapped_sample($body);
	} elsif ($type == 3) {
		swap_at(\$body, 0, 4);
		swap_at(\$body, 4, 4);
		$body = swapped_stamp($body, length($body) - $stamp);
	} elsif ($type == 2) {
		swap_at(\$body, 0, 8);
		swap_at(\$body, 8, 8);
		$body = swapped_stamp($body, 16);
	} elsif ($type == 7) {
		swap_at(\$body, 4 * $_, 4) for 0 .. 3;
		swap_at(\$body, 16, 8);
		$body = swapped_stamp($body, 24);
	}
	return pack('L>S>2', $type, $misc, length($body) + 8) . $body;
}

# the sizes in the tracing data, and what it says of the order
sub swap_tracing
{
	my $t = \$sections{1};
	my $pos = 10;
	$pos = 1 + index $$t, "\0", $pos;
	substr($$t, $pos, 1) = "\1";
	swap_at($t, $pos + 2, 4);
	$pos += 6;
	my $sized = sub {
		my ($size) = @_;
		my $len = unpack $size == 8 ? 'Q<' : 'L<', substr($$t, $pos, $size);
		swap_at($t, $pos, $size);
		$pos += $size;
		return $len;
	};
	for (1, 2) {
		$pos = 1 + index $$t, "\0", $pos;
		$pos += $sized->(8);
	}
	my $nr = $sized->(4);
	$pos += $sized->(8) for 1 .. $nr;
	for (1 .. $sized->(4)) {
		$pos = 1 + index $$t, "\0", $pos;
		my $events = $sized->(4);
		$pos += $sized->(8) for 1 .. $events;
	}
	$pos += $sized->(4);
	$pos += $sized->(4);
}

sub put
{
	my ($to, $bytes) = @_;
	open(my $o, '>:raw', $to) or die "$to: $!\n";
	print $o $bytes;
	close $o or die "$to: $!\n";
}

my $data = join '', map { put_record($_) } @records;
if ($kind eq 'pipe') {
	put($out, put_pipe($data));
} elsif ($kind eq 'zpipe') {
	put($out, put_pipe(compressed($data, 1)));
} elsif ($kind =~ /^z/) {
	$sections{27} = pack 'L<5', 1, 1, 1, 5, 528384;	# version, type, level, ratio, buffer
	put($out, put_file(compressed($data, $kind eq 'zstd2', $kind eq 'zstream')));
} elsif ($kind eq 'directory') {
	mkdir $out;
	$sections{24} = pack 'Q<', 1;
	my @parts = ('', '');
	my $own = '';
	my $turn = 0;
	for (@records) {
		if ($_->[0] != 9) { $own .= put_record($_); next; }
		# what one thread wrote, a stretch at a time
		$parts[$turn++ / 10 % 2] .= put_record($_);
	}
	put("$out/data", put_file($own));
	put("$out/data.$_", $parts[$_]) for 0, 1;
} elsif ($kind eq 'big') {
	swap_tracing();
	# host, release, version and machine are one string each
	$sections{$_} = pack('N', length($sections{$_}) - 4) . substr $sections{$_}, 4 for 3 .. 6;
	delete $sections{$_} for grep { $_ == 2 || $_ > 6 } keys %sections;
	put($out, put_file(join('', map { swapped_record($_) }
		grep { $_->[0] == 9 || $_->[0] == 3 || $_->[0] == 68 || $_->[0] == 2 || $_->[0] == 7 }
		@records), 1));
} elsif ($kind eq 'killed') {
	my $bytes = put_file($data);
	substr($bytes, 48, 8) = pack 'Q<', 0;
	substr($bytes, 72, 32) = "\0" x 32;
	put($out, substr $bytes, 0, $data_at + $data_len);
} else {
	put($out, put_file($data));
}
