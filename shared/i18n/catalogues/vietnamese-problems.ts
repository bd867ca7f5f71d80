import type { Catalogue } from '../catalogue.ts';

export const vietnameseProblems: Catalogue['problems'] = {
  'body-malformed': {
    title: 'Không đọc được nội dung yêu cầu',
    remedy: 'Gửi nội dung đúng định dạng mà Content-Type nêu.',
  },
  'cursor-invalid': { title: 'Con trỏ không thuộc danh sách này', remedy: 'Bắt đầu lại không dùng con trỏ.' },
  'idempotency-key-invalid': {
    title: 'Idempotency-Key không dùng được',
    remedy: 'Gửi từ 1 đến 128 ký tự ASCII in được, ví dụ một UUID.',
  },
  unauthenticated: {
    title: 'Yêu cầu chưa được xác thực',
    remedy: 'Gửi mã truy cập hợp lệ có nêu tổ chức của bạn.',
  },
  'scope-missing': {
    title: 'Mã truy cập không cho phép điều này',
    remedy: 'Dùng mã có phạm vi được nêu trong phần chi tiết.',
  },
  'not-found': { title: 'Không có đối tượng này', remedy: 'Kiểm tra địa chỉ và các mã định danh trong đó.' },
  'method-not-allowed': {
    title: 'Không thể dùng phương thức này ở đây',
    remedy: 'Dùng một trong các phương thức ở tiêu đề Allow.',
  },
  'request-in-progress': {
    title: 'Yêu cầu này đang được xử lý',
    remedy: 'Chờ một lát rồi gửi lại với cùng Idempotency-Key.',
  },
  'user-exists': {
    title: 'Đã có người dùng với địa chỉ này',
    remedy: 'Dùng người dùng hiện có, hoặc xóa trước.',
  },
  'user-in-use': {
    title: 'Một hộp thư của người dùng này đang được di chuyển',
    remedy: 'Hãy đóng kết nối của đợt di chuyển đó trước.',
  },
  'mailbox-conflict': {
    title: 'Người dùng đã có trong đợt di chuyển với một tài khoản nguồn khác',
    remedy: 'Bỏ những người dùng này ra, hoặc tạo đợt di chuyển khác cho họ.',
  },
  'mailbox-status': {
    title: 'Không thể làm điều này ở trạng thái hiện tại của hộp thư',
    remedy: 'Xem trạng thái của hộp thư và điều nó yêu cầu.',
  },
  'migration-closed': {
    title: 'Đợt di chuyển đã đóng',
    remedy: 'Tạo kết nối mới và đợt di chuyển mới.',
  },
  'connection-closed': { title: 'Kết nối đã đóng', remedy: 'Tạo kết nối mới.' },
  'destination-missing': { title: 'Chưa cấu hình đích', remedy: 'Hãy cấu hình đích trước.' },
  'destination-in-use': {
    title: 'Đích đang được một đợt di chuyển sử dụng',
    remedy: 'Đóng các đợt di chuyển đang mở trước khi đổi máy chủ.',
  },
  'changed-meanwhile': {
    title: 'Có người khác đã thay đổi cùng lúc',
    remedy: 'Đọc lại rồi lặp lại thay đổi.',
  },
  'body-too-large': { title: 'Yêu cầu quá lớn', remedy: 'Chia thành nhiều yêu cầu.' },
  'media-type-unsupported': {
    title: 'Không hỗ trợ kiểu nội dung này',
    remedy: 'Gửi application/json, hoặc text/csv ở nơi cần tệp CSV.',
  },
  'request-invalid': {
    title: 'Yêu cầu không hợp lệ',
    remedy: 'Sửa những chỗ nêu trong "errors" rồi gửi lại.',
  },
  'csv-invalid': {
    title: 'Tệp CSV không hợp lệ; không có gì được lưu',
    remedy: 'Sửa các dòng nêu trong "errors" rồi gửi lại toàn bộ tệp.',
  },
  'users-unknown': {
    title: 'Một số hộp thư không thuộc người dùng nào',
    remedy: 'Hãy thêm những người dùng này trước.',
  },
  'credential-incomplete': {
    title: 'Thiếu mật khẩu',
    remedy: 'Cung cấp mật khẩu cho mỗi bên cần đến.',
  },
  'consent-impossible': {
    title: 'Không có máy chủ nào ở đây được mở bằng sự đồng ý của người dùng',
    remedy:
      'Hãy cấu hình máy chủ đăng nhập bằng OAuth 2.0 với loại cấp quyền refresh-token và địa chỉ ủy quyền.',
  },
  'connection-not-verified': {
    title: 'Không xác minh được máy chủ nguồn; không có gì được lưu',
    remedy: 'Làm theo hướng dẫn của bước thất bại trong "verdict".',
  },
  'destination-not-verified': {
    title: 'Không xác minh được đích; không có gì được lưu',
    remedy: 'Làm theo hướng dẫn của bước thất bại trong "verdict".',
  },
  'folders-unreadable': {
    title: 'Không đọc được các thư mục của hộp thư',
    remedy: 'Khắc phục nguyên nhân nêu trong “detail” ở máy chủ được nêu, rồi yêu cầu lại.',
  },
  'idempotency-key-reused': {
    title: 'Idempotency-Key này đã dùng cho một yêu cầu khác',
    remedy: 'Dùng khóa mới cho mỗi yêu cầu mới.',
  },
  internal: {
    title: 'Đã xảy ra lỗi trong chính Mailhaul',
    remedy:
      'Gửi lại yêu cầu với cùng Idempotency-Key. Nếu vẫn tiếp diễn, hãy đưa người vận hành trường instance.',
  },
  unavailable: {
    title: 'Một phần của dịch vụ tạm thời không truy cập được',
    remedy: 'Gửi lại yêu cầu sau một lát, với cùng Idempotency-Key.',
  },
};
